"""The switch: one call model under the SIP face and, later, the CSTA face. No IO, no clock.

``model`` is the state, ``core`` the basic operations, ``joining`` transfer and conference,
``diverting`` what moves a ringing or waiting call, ``permitted`` what may be asked next,
``features`` the settings of an extension, ``routing`` where a call goes because of them, ``codes``
the numbers that switch them.
"""
