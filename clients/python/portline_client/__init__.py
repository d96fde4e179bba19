"""Portline from Python: texts, calls, contacts, numbers and transfers of a workspace, by its API."""

from portline_client.client import Portline, every
from portline_client.transport import UNSET, Answer, Problem

__all__ = ["UNSET", "Answer", "Portline", "Problem", "every"]
