"""A simulated radio net: to a desk an ordinary station that speaks, moves units, raises alarms."""
