"""Events for programs outside: webhooks as Standard Webhooks (https://www.standardwebhooks.com) has them."""
