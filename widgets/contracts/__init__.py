"""What the widgets need to be given: rows of data, objects that are asked for them, and actions.

``console.models`` satisfies these, ``console.desk`` injects them; the widgets know nothing else
of the program.
"""
