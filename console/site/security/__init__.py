"""Who may come in and as what: the CA, certificates, members, identities, enrolment."""
