"""Telling the operators of alerts where they are: by e-mail, or by any service that the apprise library reaches."""
