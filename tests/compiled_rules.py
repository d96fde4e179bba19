"""Compiling the application's URL map once a run instead of once a test."""

from werkzeug.routing import Rule


def compile_addresses(patch):
    """Reuse the compiled rules: each application compiles the same hundreds of them."""
    compiled = {}
    compile_one = Rule._compile_builder

    def of_this_run(rule, append_unknown):
        key = (rule.rule, rule.subdomain, tuple((rule.defaults or {}).items()), append_unknown)
        if key not in compiled:
            compiled[key] = compile_one(rule, append_unknown)
        return compiled[key]

    patch.setattr(Rule, "_compile_builder", of_this_run)
