"""`python -m benchmarks` runs all of them, one after the other."""

from benchmarks import call_answer, half_port, inbox, intake, signup

intake.main()
call_answer.main()
signup.main()
inbox.main()
half_port.main()
