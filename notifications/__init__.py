"""What people are told who are not in the room: kept, shown on their pages, mailed, posted.

In comes a `models.notification.Notice`: `inbox` keeps it (or counts it, where the person was told
of the same a moment ago) and puts what is to be sent into the `outbox`, in one transaction.
`sending` takes it from there, has it put into words, and gives it to `mail` or `webhook`; what
fails is tried again, also after a restart, until it is given up and the person is told so. `api`
puts pages on top.

A new kind of message needs a `Kind`, a `Notice`, and somebody who puts it into words: nothing here
knows what a message is about.
"""
