"""The wire: each of the carrier's hosts, as Twilio answers there."""
