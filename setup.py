"""Compiles the translations into the package; all else about it stands in setup.cfg."""

from setuptools import setup
from setuptools.command.build_py import build_py


class WithTranslations(build_py):
    """A package without its catalogues would speak English alone, so none is built without them."""

    def run(self) -> None:
        """Compile the catalogues beside their sources, then gather the files."""
        self.run_command("compile_catalog")
        super().run()


setup(cmdclass={"build_py": WithTranslations})
