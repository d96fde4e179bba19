"""The account that the tests have at the sandbox."""

ACCOUNT = "AC000000000000000000000000000000aa"
TOKEN = "rehearsal-auth-token"
SANDBOX = "http://sandbox.test"
ENVIRON = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_BASE_URL": SANDBOX}
