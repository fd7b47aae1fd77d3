"""Context keys of this addon, all of them, and what each says."""

#: Why a sealed field of a serial is changed; text the user gave. Who may change it is
#: checked where the change is written, whoever set the key.
CHANGE_REASON = "serial_change_reason"

#: The document in whose course core changes serials, as ``(model, id, name)``.
DOCUMENT = "serial_document"
