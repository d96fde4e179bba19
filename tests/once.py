"""What every test would build anew, and what a run needs only once: most of the time that a test took went there."""

from werkzeug.routing import Rule


def compile_addresses(patch):
    """An application of its own for every test takes its time to compile the same hundred addresses."""
    compiled = {}
    compile_one = Rule._compile_builder

    def of_this_run(rule, append_unknown):
        key = (rule.rule, rule.subdomain, tuple((rule.defaults or {}).items()), append_unknown)
        if key not in compiled:
            compiled[key] = compile_one(rule, append_unknown)
        return compiled[key]

    patch.setattr(Rule, "_compile_builder", of_this_run)
