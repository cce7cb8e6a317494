// Made from docs/openapi.json by `npm run api-types`. Do not edit.

export interface paths {
  "/api/v1/auth/login": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Sign in with e-mail and password
     * @description For anybody, without signing in.
     */
    post: operations["login_login"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/auth/second-step": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Finish a sign-in that answered second_factor_required
     * @description For anybody, without signing in.
     */
    post: operations["login_second_step"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/auth/refresh": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Exchange the refresh token (cookie, or body of a native client) for new tokens
     * @description For anybody, without signing in.
     */
    post: operations["login_refresh"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/auth/logout": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Sign out: ends the session, its sockets and its tokens
     * @description For anybody, without signing in.
     */
    post: operations["login_logout"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/me/totp": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Begin to set up an authenticator app
     * @description For a signed-in user, by an access token. People are asked for a proof of the last 15 minutes, keys are not. Also before a second factor that the company demands is set up.
     */
    post: operations["secondfactor_begin"];
    /**
     * Remove the authenticator app and the recovery codes
     * @description For a signed-in user, by an access token. People are asked for a proof of the last 15 minutes, keys are not.
     */
    delete: operations["secondfactor_remove"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/me/totp/confirm": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Turn the authenticator app on by one of its codes; ends your other sessions
     * @description For a signed-in user, by an access token. People are asked for a proof of the last 15 minutes, keys are not. Also before a second factor that the company demands is set up.
     */
    post: operations["secondfactor_confirm"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/me/recovery-codes": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * New recovery codes; the old ones are over
     * @description For a signed-in user, by an access token. People are asked for a proof of the last 15 minutes, keys are not. Also before a second factor that the company demands is set up.
     */
    post: operations["secondfactor_recovery_codes"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/auth/passkey/begin": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * A challenge for any passkey, to sign in or to step up
     * @description For anybody, without signing in.
     */
    post: operations["passkeys_begin_sign_in"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/auth/passkey/finish": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Sign in by passkey
     * @description For anybody, without signing in.
     */
    post: operations["passkeys_finish_sign_in"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/me/passkeys": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Your passkeys
     * @description For a signed-in user, by an access token. Also before a second factor that the company demands is set up.
     */
    get: operations["passkeys_passkeys"];
    put?: never;
    /**
     * Add the passkey that the browser has made; ends your other sessions
     * @description For a signed-in user, by an access token. People are asked for a proof of the last 15 minutes, keys are not. Also before a second factor that the company demands is set up.
     */
    post: operations["passkeys_add"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/me/passkeys/begin": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Begin to add a passkey
     * @description For a signed-in user, by an access token. People are asked for a proof of the last 15 minutes, keys are not. Also before a second factor that the company demands is set up.
     */
    post: operations["passkeys_begin"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/me/passkeys/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Remove a passkey
     * @description For a signed-in user, by an access token. People are asked for a proof of the last 15 minutes, keys are not.
     */
    delete: operations["passkeys_remove"];
    options?: never;
    head?: never;
    /**
     * Name a passkey
     * @description For a signed-in user, by an access token.
     */
    patch: operations["passkeys_rename"];
    trace?: never;
  };
  "/api/v1/me/password": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Change your password; ends your other sessions
     * @description For a signed-in user, by an access token.
     */
    put: operations["passwords_change"];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/auth/password-reset": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Ask for a letter with a link; one answer whether or not anybody has the address
     * @description For anybody, without signing in.
     */
    post: operations["passwords_ask_reset"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/auth/password-reset/finish": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Choose a new password by the letter's link; ends all sessions
     * @description For anybody, without signing in.
     */
    post: operations["passwords_finish_reset"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/auth/invitation": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Who is invited, by whom, and what has to be accepted
     * @description For anybody, without signing in.
     */
    post: operations["invitations_show"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/auth/invitation/passkey": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Begin to make a passkey in place of a password
     * @description For anybody, without signing in.
     */
    post: operations["invitations_passkey"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/auth/invitation/accept": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Accept an invitation with a password or a passkey; signs in
     * @description For anybody, without signing in.
     */
    post: operations["invitations_accept"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/me/email": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a code to the address that you want to sign in with
     * @description For a signed-in user, by an access token. People are asked for a proof of the last 15 minutes, keys are not.
     */
    post: operations["emailchange_begin"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/me/email/confirm": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Type the code in: the new address counts from now on
     * @description For a signed-in user, by an access token.
     */
    post: operations["emailchange_confirm"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/me/sessions": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Where you are signed in
     * @description For a signed-in user, by an access token.
     */
    get: operations["sessions_sessions"];
    put?: never;
    post?: never;
    /**
     * Sign out everywhere but here
     * @description For a signed-in user, by an access token.
     */
    delete: operations["sessions_end_others"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/me/sessions/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Sign out there: its sockets close
     * @description For a signed-in user, by an access token.
     */
    delete: operations["sessions_end"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/me/security": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How you sign in
     * @description For a signed-in user, by an access token. Also before a second factor that the company demands is set up.
     */
    get: operations["sessions_security"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/auth/step-up": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Prove again who you are, before something dangerous
     * @description For a signed-in user, by an access token. Also before a second factor that the company demands is set up.
     */
    post: operations["sessions_step_up"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/sign-in": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What is demanded of everybody's sign-in, with an ETag
     * @description For administrators. It needs the permission `sign_in.write`.
     */
    get: operations["signinpolicy_read"];
    /**
     * Change what is demanded of everybody's sign-in
     * @description For administrators. It needs the permission `sign_in.write`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    put: operations["signinpolicy_change"];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/me": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The signed-in user, line and site
     * @description For a signed-in user, by an access token.
     */
    get: operations["users_me"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/me/settings": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Your settings, with an ETag
     * @description For a signed-in user, by an access token.
     */
    get: operations["users_settings"];
    /**
     * Change your settings
     * @description For a signed-in user, by an access token.
     */
    put: operations["users_change_settings"];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/devices": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Your devices, the last used first
     * @description For a signed-in user, by an access token.
     */
    get: operations["devices_list"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/directory": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Search people by the beginning of a name's words or of a number
     * @description For a signed-in user, by an access token.
     */
    get: operations["directory_search"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/contacts": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Your contacts and the company's, by the beginning of a word or of a number
     * @description For a signed-in user, by an access token.
     */
    get: operations["contacts_list"];
    put?: never;
    /**
     * A new contact of your own
     * @description For a signed-in user, by an access token.
     */
    post: operations["contacts_create"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/contacts/import": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Contacts from a CSV or vCard file; what is there already stays as it is
     * @description For a signed-in user, by an access token.
     */
    post: operations["contacts_import_file"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/contacts/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One contact, with an ETag
     * @description For a signed-in user, by an access token.
     */
    get: operations["contacts_get"];
    /**
     * Change a contact of your own
     * @description For a signed-in user, by an access token.
     */
    put: operations["contacts_change"];
    post?: never;
    /**
     * Remove a contact of your own
     * @description For a signed-in user, by an access token.
     */
    delete: operations["contacts_delete"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/contacts": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The company's contacts
     * @description For administrators and API keys with the scope `contacts.write`. It needs the permission `contacts.write`.
     */
    get: operations["sharedcontacts_list"];
    put?: never;
    /**
     * A new contact for everybody
     * @description For administrators and API keys with the scope `contacts.write`. It needs the permission `contacts.write`.
     */
    post: operations["sharedcontacts_create"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/contacts/import": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Contacts for everybody from a CSV or vCard file
     * @description For administrators and API keys with the scope `contacts.write`. It needs the permission `contacts.write`.
     */
    post: operations["sharedcontacts_import_file"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/contacts/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Change a contact of the company
     * @description For administrators and API keys with the scope `contacts.write`. It needs the permission `contacts.write`.
     */
    put: operations["sharedcontacts_change"];
    post?: never;
    /**
     * Remove a contact of the company
     * @description For administrators and API keys with the scope `contacts.write`. It needs the permission `contacts.write`.
     */
    delete: operations["sharedcontacts_delete"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/contact-sources/search": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * People in directories that are kept elsewhere; waits two seconds at most
     * @description For a signed-in user, by an access token.
     */
    get: operations["contactsources_search"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/me/contact-sources": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The directories that your company has switched on, and how they are
     * @description For a signed-in user, by an access token.
     */
    get: operations["contactsources_list"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/me/contact-sources/microsoft/connect": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Begin to let your contacts at Microsoft 365 be read
     * @description For a signed-in user, by an access token.
     */
    post: operations["contactsources_connect"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/contact-sources/microsoft/callback": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Back from Microsoft; a browser's address, not for programs
     * @description For anybody, without signing in.
     */
    get: operations["contactsources_callback"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/me/contact-sources/microsoft": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Your contacts at Microsoft 365 are read no more
     * @description For a signed-in user, by an access token.
     */
    delete: operations["contactsources_disconnect"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/contact-sources/ldap": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Contacts from the company's LDAP directory, with an ETag
     * @description For administrators and API keys with the scope `contacts.write`. It needs the permission `contacts.write`.
     */
    get: operations["contactsourcesadmin_ldap"];
    /**
     * Change where contacts come from by LDAP
     * @description For administrators and API keys with the scope `contacts.write`. It needs the permission `contacts.write`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    put: operations["contactsourcesadmin_change_ldap"];
    post?: never;
    /**
     * No contacts by LDAP any more; its settings are gone
     * @description For administrators and API keys with the scope `contacts.write`. It needs the permission `contacts.write`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    delete: operations["contactsourcesadmin_remove_ldap"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/contact-sources/ldap/test": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Search the LDAP directory once; changes nothing
     * @description For administrators and API keys with the scope `contacts.write`. It needs the permission `contacts.write`.
     */
    post: operations["contactsourcesadmin_test_ldap"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/contact-sources/microsoft": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Contacts from Microsoft 365, with an ETag
     * @description For administrators and API keys with the scope `contacts.write`. It needs the permission `contacts.write`.
     */
    get: operations["contactsourcesadmin_microsoft"];
    /**
     * Change the application at Microsoft; another one disconnects everybody
     * @description For administrators and API keys with the scope `contacts.write`. It needs the permission `contacts.write`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    put: operations["contactsourcesadmin_change_microsoft"];
    post?: never;
    /**
     * No contacts from Microsoft 365 any more; everybody is disconnected
     * @description For administrators and API keys with the scope `contacts.write`. It needs the permission `contacts.write`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    delete: operations["contactsourcesadmin_remove_microsoft"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/contact-sources/microsoft/test": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Ask Microsoft whether directory, application and secret are right; changes nothing
     * @description For administrators and API keys with the scope `contacts.write`. It needs the permission `contacts.write`.
     */
    post: operations["contactsourcesadmin_test_microsoft"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/journal": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Your calls, the newest first: all, or those that you look for
     * @description For a signed-in user, by an access token.
     */
    get: operations["journal_page"];
    put?: never;
    post?: never;
    /**
     * Delete all entries
     * @description For a signed-in user, by an access token.
     */
    delete: operations["journal_delete_all"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/journal.csv": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The whole history as a file for spreadsheets
     * @description For a signed-in user, by an access token.
     */
    get: operations["journal_export"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/journal/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One call, and why each device rang or did not
     * @description For a signed-in user, by an access token.
     */
    get: operations["journal_details"];
    put?: never;
    post?: never;
    /**
     * Delete one entry
     * @description For a signed-in user, by an access token.
     */
    delete: operations["journal_delete"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/journal/read": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Mark missed calls as seen: these, or all
     * @description For a signed-in user, by an access token.
     */
    post: operations["journal_read"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/routing": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What happens when somebody calls, with an ETag
     * @description For a signed-in user, by an access token.
     */
    get: operations["routing_routing"];
    /**
     * Change what happens when somebody calls
     * @description For a signed-in user, by an access token.
     */
    put: operations["routing_change"];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/forwarding": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Forwarding as your PBX has it now
     * @description For a signed-in user, by an access token.
     */
    get: operations["forwarding_forwarding"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/forwarding/{kind}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Switch one kind of forwarding on or off at your PBX
     * @description For a signed-in user, by an access token.
     */
    put: operations["forwarding_change"];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/hunt-groups": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Hunt groups that you are in
     * @description For a signed-in user, by an access token.
     */
    get: operations["huntgroups_groups"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/hunt-groups/{number}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Take the calls of a group, or no more
     * @description For a signed-in user, by an access token.
     */
    put: operations["huntgroups_change"];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/alternative-number": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Your other phone, and when work calls go there
     * @description For a signed-in user, by an access token.
     */
    get: operations["alternativenumber_alternative"];
    /**
     * Set your other phone's number, and when work calls go there
     * @description For a signed-in user, by an access token.
     */
    put: operations["alternativenumber_change"];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/offers": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What your phone system offers now
     * @description For a signed-in user, by an access token.
     */
    get: operations["offers_offers"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/voicemail": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Your mailbox's number, and whether messages wait
     * @description For a signed-in user, by an access token.
     */
    get: operations["voicemail_voicemail"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/presence": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Your presence: what you chose, how you are seen
     * @description For a signed-in user, by an access token.
     */
    get: operations["presence_own"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Change your status, do not disturb, note, or who may see you
     * @description For a signed-in user, by an access token.
     */
    patch: operations["presence_change"];
    trace?: never;
  };
  "/api/v1/presence/people": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How colleagues are seen by you
     * @description For a signed-in user, by an access token.
     */
    get: operations["presence_people"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/calls": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Your live calls
     * @description For a signed-in user, by an access token.
     */
    get: operations["calls_list"];
    put?: never;
    /**
     * Dial
     * @description For a signed-in user, by an access token.
     */
    post: operations["calls_dial"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/calls/pickup": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Take a call that rings at somebody else
     * @description For a signed-in user, by an access token.
     */
    post: operations["calls_pickup"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/calls/unpark": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Fetch a parked call
     * @description For a signed-in user, by an access token.
     */
    post: operations["calls_unpark"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/calls/{id}/{verb}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Command a call: answer, consult, decline, drop, dtmf, hang_up, hold, merge, move, mute, park, pull, retrieve, silence, swap, transfer, unmute
     * @description For a signed-in user, by an access token.
     */
    post: operations["calls_command"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/users/{id}/calls": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Live calls of a user, named by id or e-mail address
     * @description For API keys with the scope `calls.read`. It needs the permission `calls.read`.
     */
    get: operations["callcontrol_list"];
    put?: never;
    /**
     * Dial for a user
     * @description For API keys with the scope `calls.control`. It needs the permission `calls.control`.
     */
    post: operations["callcontrol_dial"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/users/{id}/calls/{call}/{verb}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Command a user's call: answer, consult, decline, drop, dtmf, hang_up, hold, merge, move, park, retrieve, swap, transfer
     * @description For API keys with the scope `calls.control`. It needs the permission `calls.control`.
     */
    post: operations["callcontrol_command"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/events": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Events of calls, presence, voicemail lamps and connectors as they happen
     * @description For API keys with the scope `calls.read`. It needs the permission `calls.read`.
     */
    get: operations["eventstream_read"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/turn-credentials": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Credentials for the TURN servers
     * @description For a signed-in user, by an access token.
     */
    post: operations["turncredentials_issue"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/connector/session": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Open a link session: a token for the SIP edge and the site's lines
     * @description For the API key of a site's connector.
     */
    post: operations["connectors_session"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/connector/config": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The site's lines; 204 when nothing changed since the version given
     * @description For the API key of a site's connector.
     */
    get: operations["connectors_config"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/people": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The people of the tenant: searched, filtered, sorted
     * @description For administrators and the help desk and API keys with the scope `people.read`. It needs the permission `people.read`.
     */
    get: operations["people_page"];
    put?: never;
    /**
     * Create somebody, and invite them if you like
     * @description For administrators and API keys with the scope `people.write`. It needs the permission `people.write`.
     */
    post: operations["people_create"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/people.csv": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The same as a file for spreadsheets; it can be imported again
     * @description For administrators and the help desk and API keys with the scope `people.read`. It needs the permission `people.read`.
     */
    get: operations["people_export"];
    put?: never;
    /**
     * Those you name as a file for spreadsheets; more than an address could hold
     * @description For administrators and the help desk and API keys with the scope `people.read`. It needs the permission `people.read`.
     */
    post: operations["chosenpeople_export"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/people/invite": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How far the invitations of many are: those that go on, or else those that ended last
     * @description For administrators and the help desk and API keys with the scope `people.invite`. It needs the permission `people.invite`.
     */
    get: operations["people_inviting"];
    put?: never;
    /**
     * Invite many in the background: those you name, or all who have no invitation yet
     * @description For administrators and the help desk and API keys with the scope `people.invite`. It needs the permission `people.invite`.
     */
    post: operations["people_invite_many"];
    /**
     * Invite no more of the many; letters that are written leave all the same
     * @description For administrators and the help desk and API keys with the scope `people.invite`. It needs the permission `people.invite`.
     */
    delete: operations["people_stop_inviting"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/people/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One person, with an ETag
     * @description For administrators and the help desk and API keys with the scope `people.read`. It needs the permission `people.read`.
     */
    get: operations["people_one"];
    /**
     * Change somebody: what you leave out is emptied, save the PBX password
     * @description For administrators and API keys with the scope `people.write`. It needs the permission `people.write`.
     */
    put: operations["people_change"];
    post?: never;
    /**
     * Erase somebody with all that is kept of them
     * @description For administrators. It needs the permission `people.erase`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    delete: operations["people_erase"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/people/{id}/disable": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Shut somebody out, at once and everywhere
     * @description For administrators and API keys with the scope `people.write`. It needs the permission `people.write`.
     */
    post: operations["people_disable"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/people/{id}/enable": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Let somebody in again
     * @description For administrators and API keys with the scope `people.write`. It needs the permission `people.write`.
     */
    post: operations["people_enable"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/people/{id}/sign-out": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * End all sessions of somebody
     * @description For administrators and the help desk. It needs the permission `sessions.end`.
     */
    post: operations["people_sign_out"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/people/{id}/remove-second-factor": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Take away the second factor and passkeys that somebody has lost; ends all sessions
     * @description For administrators and the help desk. It needs the permission `second_factor.reset`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    post: operations["people_remove_second_factor"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/people/{id}/invite": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send the invitation, or send it again: links of before end
     * @description For administrators and the help desk and API keys with the scope `people.invite`. It needs the permission `people.invite`.
     */
    post: operations["people_invite"];
    /**
     * Withdraw the invitation
     * @description For administrators and the help desk and API keys with the scope `people.invite`. It needs the permission `people.invite`.
     */
    delete: operations["people_withdraw"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/people/{id}/reset-password": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a link to choose a new password
     * @description For administrators and the help desk and API keys with the scope `people.invite`. It needs the permission `people.invite`.
     */
    post: operations["people_reset_password"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/people/{id}/leaver": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What is kept of somebody, before they leave
     * @description For administrators and the help desk and API keys with the scope `people.read`. It needs the permission `people.read`.
     */
    get: operations["people_leaver"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/people/{id}/leave": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Somebody leaves: the number to a colleague, then disabled or erased
     * @description For administrators and API keys with the scope `people.write`. It needs the permission `people.write`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    post: operations["people_leave"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/provisioning/users": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Create or change who has this address; what is left out stays
     * @description For administrators and API keys with the scope `people.write`. It needs the permission `people.write`.
     */
    put: operations["people_provision"];
    post?: never;
    /**
     * Disable who has this address, and free the number
     * @description For administrators and API keys with the scope `people.write`. It needs the permission `people.write`.
     */
    delete: operations["people_unprovision"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/people-templates": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What new people can begin with, by name
     * @description For administrators and API keys with the scope `people.write`. It needs the permission `people.write`.
     */
    get: operations["peopletemplates_page"];
    put?: never;
    /**
     * Add a template; a role other than user needs roles.write
     * @description For administrators and API keys with the scope `people.write`. It needs the permission `people.write`.
     */
    post: operations["peopletemplates_create"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/people-templates/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One template with the next free number of its range, and an ETag
     * @description For administrators and API keys with the scope `people.write`. It needs the permission `people.write`.
     */
    get: operations["peopletemplates_one"];
    /**
     * Change a template: what you leave out is emptied; one that appoints needs roles.write
     * @description For administrators and API keys with the scope `people.write`. It needs the permission `people.write`.
     */
    put: operations["peopletemplates_change"];
    post?: never;
    /**
     * Remove a template, people stay as they are; one that appoints needs roles.write
     * @description For administrators and API keys with the scope `people.write`. It needs the permission `people.write`.
     */
    delete: operations["peopletemplates_remove"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/imports": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The imports of the last 90 days, the newest first
     * @description For administrators and API keys with the scope `imports.write`. It needs the permission `imports.write`.
     */
    get: operations["imports_list"];
    put?: never;
    /**
     * A file of people: read at once, planned in the background, nothing is changed
     * @description For administrators and API keys with the scope `imports.write`. It needs the permission `imports.write`.
     */
    post: operations["imports_upload"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/imports/columns": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * What the columns of a file seem to mean: nothing is kept
     * @description For administrators and API keys with the scope `imports.write`. It needs the permission `imports.write`.
     */
    post: operations["imports_columns"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/imports/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One import and how far it is
     * @description For administrators and API keys with the scope `imports.write`. It needs the permission `imports.write`.
     */
    get: operations["imports_get"];
    put?: never;
    post?: never;
    /**
     * Forget an import; people stay as they are
     * @description For administrators and API keys with the scope `imports.write`. It needs the permission `imports.write`.
     */
    delete: operations["imports_delete"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/imports/{id}/rows": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What each row comes to, and why one does not
     * @description For administrators and API keys with the scope `imports.write`. It needs the permission `imports.write`.
     */
    get: operations["imports_rows"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/imports/{id}/apply": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Do what the plan says
     * @description For administrators and API keys with the scope `imports.write`. It needs the permission `imports.write`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    post: operations["imports_apply"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/imports/{id}/undo": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Put back what was, except where people were changed since
     * @description For administrators and API keys with the scope `imports.write`. It needs the permission `imports.write`.
     */
    post: operations["imports_undo"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/keys": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The tenant's API keys, latest first, without their secrets
     * @description For administrators. It needs the permission `keys.read`.
     */
    get: operations["apikeys_keys"];
    put?: never;
    /**
     * Make a key; its text is in this answer and nowhere else
     * @description For administrators. It needs the permission `keys.write`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    post: operations["apikeys_create"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/keys/{id}/regenerate": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Make another key with the same rights; the old one stops at once or after a change-over
     * @description For administrators. It needs the permission `keys.write`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    post: operations["apikeys_regenerate"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/keys/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Revoke a key: it is refused from now on, and a link that lives by it is cut
     * @description For administrators. It needs the permission `keys.write`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    delete: operations["apikeys_revoke"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/sites": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The tenant's sites, by name
     * @description For administrators and the help desk and API keys with the scope `connector.read`. It needs the permission `connector.read`.
     */
    get: operations["sites_sites"];
    put?: never;
    /**
     * Add a site
     * @description For administrators. It needs the permission `sites.write`.
     */
    post: operations["sites_create"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/sites/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One site, with an ETag
     * @description For administrators and the help desk and API keys with the scope `connector.read`. It needs the permission `connector.read`.
     */
    get: operations["sites_site"];
    /**
     * Change a site; its connector takes the change up at once
     * @description For administrators. It needs the permission `sites.write`.
     */
    put: operations["sites_change"];
    post?: never;
    /**
     * Remove a site that nobody has an extension at, with its keys
     * @description For administrators. It needs the permission `sites.write`.
     */
    delete: operations["sites_remove"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/sites/{id}/connector": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How the site's connector is: layers with advice, versions, capacity, what went wrong
     * @description For administrators and the help desk and API keys with the scope `connector.read`. It needs the permission `connector.read`.
     */
    get: operations["connectorpage_page"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/sites/{id}/install": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What to do on the connector's machine: a command, and the configuration to look at
     * @description For administrators and the help desk and API keys with the scope `connector.read`. It needs the permission `connector.read`.
     */
    get: operations["connectorpage_install"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/sites/{id}/config-file": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The connector's configuration as a file, without the key
     * @description For administrators and the help desk and API keys with the scope `connector.read`. It needs the permission `connector.read`.
     */
    get: operations["connectorpage_config_file"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/sites/{id}/test-calls": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The site's test calls, latest first
     * @description For administrators and the help desk and API keys with the scope `connector.read`. It needs the permission `connector.read`.
     */
    get: operations["testcalls_calls"];
    put?: never;
    /**
     * Place a call through connector and telephone system that proves signalling and sound
     * @description For administrators and the help desk. It needs the permission `connector.test`.
     */
    post: operations["testcalls_place"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/sites/{id}/test-calls/{call}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One test call, step by step, also while it runs
     * @description For administrators and the help desk and API keys with the scope `connector.read`. It needs the permission `connector.read`.
     */
    get: operations["testcalls_call"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/audit": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What administrators did, the newest first
     * @description For administrators and API keys with the scope `audit.read`. It needs the permission `audit.read`.
     */
    get: operations["audit_page"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/audit.csv": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The same as a file for spreadsheets
     * @description For administrators and API keys with the scope `audit.read`. It needs the permission `audit.read`.
     */
    get: operations["audit_file"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/audit/verify": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Prove that no entry was changed, removed or put between others
     * @description For administrators and API keys with the scope `audit.read`. It needs the permission `audit.read`.
     */
    post: operations["audit_verify"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/diagnostics": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send diagnostics of the own page; secrets, names and numbers are taken out
     * @description For a signed-in user, by an access token.
     */
    post: operations["diagnostics_send"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/diagnostics": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Diagnostics that people of the tenant sent in the last 30 days, the newest first
     * @description For administrators and the help desk. It needs the permission `diagnostics.read`.
     */
    get: operations["diagnostics_page"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/diagnostics/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One bundle as a file
     * @description For administrators and the help desk. It needs the permission `diagnostics.read`.
     */
    get: operations["diagnostics_file"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/operator/tenants/{id}/diagnostics": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Diagnostics that people of a tenant sent, without their names
     * @description For operators. It needs the permission `platform`.
     */
    get: operations["diagnostics_operators_page"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/operator/tenants/{id}/diagnostics/{bundle}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One bundle of a tenant as a file; the tenant's audit says so
     * @description For operators. It needs the permission `platform`.
     */
    get: operations["diagnostics_operators_file"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/operator/tenants": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * All tenants, the newest first
     * @description For operators. It needs the permission `platform`.
     */
    get: operations["operator_list"];
    put?: never;
    /**
     * Make a tenant and invite its first administrator
     * @description For operators. It needs the permission `platform`.
     */
    post: operations["operator_create"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/operator/tenants/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One tenant
     * @description For operators. It needs the permission `platform`.
     */
    get: operations["operator_one"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/operator/tenants/{id}/invite-admin": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Invite an administrator of a tenant, anew or once more
     * @description For operators. It needs the permission `platform`.
     */
    post: operations["operator_invite_admin"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/operator/tenants/{id}/quotas": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Say what was agreed with a tenant: licences and quotas
     * @description For operators. It needs the permission `platform`.
     */
    put: operations["operator_quotas"];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/operator/tenants/{id}/suspend": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Suspend a tenant: nobody signs in, connectors are kept out, nothing is deleted
     * @description For operators. It needs the permission `platform`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    post: operations["operator_suspend"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/operator/tenants/{id}/resume": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Take a suspension or a deletion back
     * @description For operators. It needs the permission `platform`.
     */
    post: operations["operator_resume"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/operator/tenants/{id}/delete": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Delete a tenant after the time of grace
     * @description For operators. It needs the permission `platform`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    post: operations["operator_delete"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/overview": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How the tenant is: a verdict, the figures behind it, what is to be done
     * @description For administrators and the help desk. It needs the permission `tenant.read`.
     */
    get: operations["tenant_overview"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/tenant": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The company: name, language, support address, terms, licences
     * @description For administrators and the help desk. It needs the permission `tenant.read`.
     */
    get: operations["tenant_read"];
    /**
     * Change name, language and support address
     * @description For administrators. It needs the permission `tenant.write`.
     */
    put: operations["tenant_change"];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/tenant/export": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * All data of the tenant as a ZIP of JSON lines, without secrets
     * @description For administrators. It needs the permission `tenant.export`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    post: operations["tenant_export"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/tenant/delete": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Delete the tenant after the time of grace
     * @description For administrators. It needs the permission `tenant.delete`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    post: operations["tenant_delete"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/terms": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The terms of use, in the language asked for
     * @description For anybody, without signing in.
     */
    get: operations["terms_read"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/tenant/terms": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Accept the terms of today for the company
     * @description For administrators. It needs the permission `tenant.write`.
     */
    post: operations["terms_accept"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/announcements": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What the operator and the administrators say now, the most urgent first
     * @description For a signed-in user, by an access token.
     */
    get: operations["announcements_shown"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/announcements": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The tenant's own announcements, past ones too
     * @description For administrators and the help desk. It needs the permission `tenant.read`.
     */
    get: operations["announcements_own"];
    put?: never;
    /**
     * Tell the people of the tenant something
     * @description For administrators. It needs the permission `tenant.write`.
     */
    post: operations["announcements_create"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/announcements/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Change an announcement
     * @description For administrators. It needs the permission `tenant.write`.
     */
    put: operations["announcements_change"];
    post?: never;
    /**
     * Take an announcement back
     * @description For administrators. It needs the permission `tenant.write`.
     */
    delete: operations["announcements_remove"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/operator/announcements": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What the operator says to all tenants, past announcements too
     * @description For operators. It needs the permission `platform`.
     */
    get: operations["announcements_platforms"];
    put?: never;
    /**
     * Tell all tenants something
     * @description For operators. It needs the permission `platform`.
     */
    post: operations["announcements_create_for_all"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/operator/announcements/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Change what all tenants are told
     * @description For operators. It needs the permission `platform`.
     */
    put: operations["announcements_change_for_all"];
    post?: never;
    /**
     * Take back what all tenants are told
     * @description For operators. It needs the permission `platform`.
     */
    delete: operations["announcements_remove_for_all"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/usage": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * People, calls and minutes month by month, and the licences
     * @description For administrators and API keys with the scope `usage.read`. It needs the permission `usage.read`.
     */
    get: operations["usage_usage"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/usage.csv": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The same as a file for spreadsheets
     * @description For administrators and API keys with the scope `usage.read`. It needs the permission `usage.read`.
     */
    get: operations["usage_usage_file"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/operator/usage.csv": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * All tenants month by month, for the bill
     * @description For operators. It needs the permission `platform`.
     */
    get: operations["usage_usage_of_all"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/auth/methods": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How people of an e-mail address' domain sign in
     * @description For anybody, without signing in.
     */
    get: operations["sso_methods"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/auth/sso/{id}/start": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Go to the provider to sign in; a browser's address, not for programs
     * @description For anybody, without signing in.
     */
    get: operations["sso_start"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/auth/sso/callback": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Back from the provider; a browser's address, not for programs
     * @description For anybody, without signing in.
     */
    get: operations["sso_callback"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/sso": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * OpenID providers
     * @description For administrators. It needs the permission `sign_in.write`.
     */
    get: operations["ssoadmin_all"];
    put?: never;
    /**
     * Add an OpenID provider
     * @description For administrators. It needs the permission `sign_in.write`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    post: operations["ssoadmin_create"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/sso/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One OpenID provider, with an ETag and the last test's result
     * @description For administrators. It needs the permission `sign_in.write`.
     */
    get: operations["ssoadmin_one"];
    /**
     * Change an OpenID provider
     * @description For administrators. It needs the permission `sign_in.write`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    put: operations["ssoadmin_change"];
    post?: never;
    /**
     * Remove an OpenID provider; its people stay
     * @description For administrators. It needs the permission `sign_in.write`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    delete: operations["ssoadmin_remove"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/sso/{id}/test": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Begin a sign-on that changes nothing
     * @description For administrators. It needs the permission `sign_in.write`.
     */
    post: operations["ssoadmin_test"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/sso/{id}/accounts/{user_id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Let a user's address be bound to another account at the provider
     * @description For administrators. It needs the permission `sign_in.write`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    delete: operations["ssoadmin_forget_account"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/sign-in-domains": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Domains of e-mail addresses, proven or not
     * @description For administrators. It needs the permission `sign_in.write`.
     */
    get: operations["ssoadmin_domains"];
    put?: never;
    /**
     * Add a domain; it has no effect until it is proven
     * @description For administrators. It needs the permission `sign_in.write`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    post: operations["ssoadmin_add_domain"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/sign-in-domains/{id}/check": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Look for the DNS record that proves the domain
     * @description For administrators. It needs the permission `sign_in.write`.
     */
    post: operations["ssoadmin_check_domain"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/sign-in-domains/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Remove a domain
     * @description For administrators. It needs the permission `sign_in.write`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    delete: operations["ssoadmin_remove_domain"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/operator/sign-in-domains/confirm": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Take a tenant's domain as proven
     * @description For operators. It needs the permission `platform`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    post: operations["ssoadmin_confirm_domain"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/directory-sign-in": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Sign-in by the company's LDAP directory, with an ETag
     * @description For administrators. It needs the permission `sign_in.write`.
     */
    get: operations["directorysignin_directory"];
    /**
     * Change sign-in by the company's LDAP directory
     * @description For administrators. It needs the permission `sign_in.write`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    put: operations["directorysignin_change"];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/directory-sign-in/test": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Try one address and password; changes nothing
     * @description For administrators. It needs the permission `sign_in.write`.
     */
    post: operations["directorysignin_test"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/scim": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Where a directory sends joiners and leavers, and the groups that have come; with an ETag
     * @description For administrators. It needs the permission `sign_in.write`.
     */
    get: operations["scimadmin_settings"];
    /**
     * Change which roles the members of groups have
     * @description For administrators. It needs the permission `sign_in.write`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    put: operations["scimadmin_change"];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/webhooks": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Where the tenant's programs are told of what happens, and how that goes
     * @description For administrators and API keys with the scope `webhooks.write`. It needs the permission `webhooks.write`.
     */
    get: operations["webhooks_webhooks"];
    put?: never;
    /**
     * Set up a webhook; the secret that signs it is in this answer and nowhere else
     * @description For administrators and API keys with the scope `webhooks.write`. It needs the permission `webhooks.write`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    post: operations["webhooks_create"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/webhooks/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One webhook
     * @description For administrators and API keys with the scope `webhooks.write`. It needs the permission `webhooks.write`.
     */
    get: operations["webhooks_webhook"];
    /**
     * Change, pause or resume a webhook
     * @description For administrators and API keys with the scope `webhooks.write`. It needs the permission `webhooks.write`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    put: operations["webhooks_change"];
    post?: never;
    /**
     * Remove a webhook, with what waits to be delivered to it
     * @description For administrators and API keys with the scope `webhooks.write`. It needs the permission `webhooks.write`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    delete: operations["webhooks_remove"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/webhooks/{id}/secret": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Make another secret; the old one signs no more, or as well for a change-over
     * @description For administrators and API keys with the scope `webhooks.write`. It needs the permission `webhooks.write`. People are asked for a proof of the last 15 minutes, keys are not.
     */
    post: operations["webhooks_rotate"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/webhooks/{id}/test": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a test event, once; its outcome is among the deliveries
     * @description For administrators and API keys with the scope `webhooks.write`. It needs the permission `webhooks.write`.
     */
    post: operations["webhooks_test"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/webhooks/{id}/deliveries": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What was sent, waits, or was given up, the newest first
     * @description For administrators and API keys with the scope `webhooks.write`. It needs the permission `webhooks.write`.
     */
    get: operations["webhooks_deliveries"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/webhooks/{id}/deliveries/again": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send again all that was given up
     * @description For administrators and API keys with the scope `webhooks.write`. It needs the permission `webhooks.write`.
     */
    post: operations["webhooks_send_all_again"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/admin/webhooks/{id}/deliveries/{delivery}/again": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send again one that was given up; its id stays the same
     * @description For administrators and API keys with the scope `webhooks.write`. It needs the permission `webhooks.write`.
     */
    post: operations["webhooks_send_again"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export interface webhooks {
  "call.ringing": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** A call comes in for somebody */
    post: operations["on_call_ringing"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "call.dialling": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Somebody calls out */
    post: operations["on_call_dialling"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "call.answered": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Both sides talk */
    post: operations["on_call_answered"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "call.ended": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** A call is over, be it a missed one */
    post: operations["on_call_ended"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "call.missed": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** A call is over and nobody has taken it */
    post: operations["on_call_missed"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "voicemail.changed": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** The lamp of somebody's mailbox is another one. Its state is told again after a restart */
    post: operations["on_voicemail_changed"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "connector.up": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** A site's link works */
    post: operations["on_connector_up"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "connector.down": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** A site's link is lost */
    post: operations["on_connector_down"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "person.created": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** There is somebody new. An import tells of its end instead */
    post: operations["on_person_created"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "person.changed": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Somebody's data are other ones */
    post: operations["on_person_changed"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "person.disabled": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Somebody may not sign in any more */
    post: operations["on_person_disabled"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "person.enabled": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Somebody may sign in again */
    post: operations["on_person_enabled"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "person.erased": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Nothing is left of somebody */
    post: operations["on_person_erased"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "import.finished": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** An import of people is through */
    post: operations["on_import_finished"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "import.undone": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** An import of people was taken back */
    post: operations["on_import_undone"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "key.created": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** There is a new API key */
    post: operations["on_key_created"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "key.regenerated": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Another key takes the place of this one */
    post: operations["on_key_regenerated"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "key.revoked": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** An API key is refused from now on */
    post: operations["on_key_revoked"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "webhook.test": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** An administrator has asked for it */
    post: operations["on_webhook_test"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export interface components {
  schemas: {
    /**
     * Acceptance
     * @description With a password or a passkey.
     * @example {
     *       "token": "01948a5d-ac96-774b-bcce-b302099a8057.seven-green-umbrellas",
     *       "password": "seven green umbrellas"
     *     }
     */
    Acceptance: {
      token: string;
      /**
       * @default null
       * @example seven green umbrellas
       */
      password?: string | null;
      /**
       * @description PublicKeyCredential.toJSON()
       * @default null
       */
      passkey?: {
        [key: string]: unknown;
      } | null;
      /**
       * @description what was accepted
       * @default null
       */
      terms_version?: string | null;
      /**
       * @default {
       *       "id": null,
       *       "kind": "web",
       *       "name": ""
       *     }
       */
      device?: components["schemas"]["DeviceInfo"];
    };
    /**
     * AddressView
     * @example {
     *       "email": "anna@example.com"
     *     }
     */
    AddressView: {
      email: string;
    };
    /**
     * AdminInvitation
     * @description ``name`` may be missing: they say it themselves when they accept.
     * @example {
     *       "email": "anna@example.com"
     *     }
     */
    AdminInvitation: {
      email: string;
      /** @default  */
      name?: string;
    };
    /** AdminLineView */
    AdminLineView: {
      site_id: string;
      site_name: string;
      number: string;
      desk_number: string;
      device_id: string;
      mailbox_number: string | null;
      auth_user: string;
      has_password: boolean;
    };
    /** AdminPeopleQuery */
    AdminPeopleQuery: {
      /**
       * @description words of the name, e-mail, number
       * @default
       */
      q?: string;
      /** @default null */
      state?: ("new" | "invited" | "active" | "disabled") | null;
      /** @default null */
      role?: string | null;
      /** @default null */
      site?: string | null;
      /**
       * @default name
       * @enum {string}
       */
      sort?: "name" | "-name" | "number" | "-number" | "last_sign_in" | "-last_sign_in";
      /** @default null */
      cursor?: string | null;
      /** @default 50 */
      limit?: number;
    };
    /**
     * AdminPersonView
     * @example {
     *       "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "email": "anna@example.com",
     *       "name": "Anna König",
     *       "role": "user",
     *       "department": "Sales",
     *       "language": "en",
     *       "state": "new",
     *       "source": "source",
     *       "external_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "disabled_at": "2026-01-02T10:00:00Z",
     *       "disabled_why": "left the company",
     *       "created_at": "2026-01-02T10:00:00Z",
     *       "last_sign_in": "2026-01-02T10:00:00Z",
     *       "invitation": {
     *         "sent_at": "2026-01-02T10:00:00Z",
     *         "expires_at": "2026-01-02T10:00:00Z",
     *         "expired": true
     *       },
     *       "second_factors": [
     *         "totp"
     *       ],
     *       "line": {
     *         "site_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "site_name": "Munich",
     *         "number": "101",
     *         "desk_number": "5101",
     *         "device_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "mailbox_number": "199",
     *         "auth_user": "5101",
     *         "has_password": true
     *       },
     *       "version": 1
     *     }
     */
    AdminPersonView: {
      id: string;
      email: string;
      name: string;
      role: string;
      department: string;
      language: string;
      /** @enum {string} */
      state: "new" | "invited" | "active" | "disabled";
      source: string;
      external_id: string | null;
      disabled_at: string | null;
      disabled_why: string;
      /** Format: date-time */
      created_at: string;
      last_sign_in: string | null;
      invitation: components["schemas"]["PersonInvitationView"] | null;
      second_factors: ("totp" | "passkey")[];
      line: components["schemas"]["AdminLineView"] | null;
      version: number;
    };
    /**
     * AdminSiteList
     * @example {
     *       "items": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "name": "Munich",
     *           "profile": "business",
     *           "country": "de",
     *           "area_code": "89",
     *           "exit_code": "0",
     *           "trunk_prefix": "0",
     *           "number_block": "8912345",
     *           "extension_digits": 1,
     *           "extension_ranges": [
     *             [
     *               "extension_range",
     *               "extension_range"
     *             ]
     *           ],
     *           "codecs": [
     *             "codec"
     *           ],
     *           "pbx_release": "V3R4",
     *           "channels": 1,
     *           "ip_licences": 1,
     *           "version": 1,
     *           "lines": 1,
     *           "connector": "connector"
     *         }
     *       ],
     *       "next_cursor": "eyJhZnRlciI6IjQyIn0"
     *     }
     */
    AdminSiteList: {
      items: components["schemas"]["AdminSiteView"][];
      next_cursor: string | null;
    };
    /**
     * AdminSiteView
     * @example {
     *       "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "name": "Munich",
     *       "profile": "business",
     *       "country": "de",
     *       "area_code": "89",
     *       "exit_code": "0",
     *       "trunk_prefix": "0",
     *       "number_block": "8912345",
     *       "extension_digits": 1,
     *       "extension_ranges": [
     *         [
     *           "extension_range",
     *           "extension_range"
     *         ]
     *       ],
     *       "codecs": [
     *         "codec"
     *       ],
     *       "pbx_release": "V3R4",
     *       "channels": 1,
     *       "ip_licences": 1,
     *       "version": 1,
     *       "lines": 1,
     *       "connector": "connector"
     *     }
     */
    AdminSiteView: {
      id: string;
      name: string;
      /** @enum {string} */
      profile: "business" | "voice" | "os4000";
      country: string;
      area_code: string;
      exit_code: string;
      trunk_prefix: string;
      number_block: string;
      extension_digits: number;
      extension_ranges: [string, string][];
      codecs: string[];
      pbx_release: string;
      channels: number | null;
      ip_licences: number | null;
      version: number;
      /** @description people with an extension at this site */
      lines: number;
      /** @description its state: not_set_up, connecting, working, weak, down, refused or unknown */
      connector: string;
    };
    /** Advice */
    Advice: {
      /** @description stable; clients have words for it */
      code: string;
      /** @description the same in English */
      text: string;
    };
    /**
     * Agreement
     * @description What was agreed with a tenant. A quota that is missing is the platform's.
     * @example {
     *       "licences": 1
     *     }
     */
    Agreement: {
      /** @default null */
      licences?: number | null;
      /** @default null */
      calls?: number | null;
      /** @default null */
      sockets?: number | null;
      /** @default null */
      requests_per_minute?: number | null;
      /** @default null */
      requests_per_minute_each?: number | null;
      /** @default null */
      storage_mb?: number | null;
      /** @default null */
      webhooks?: number | null;
    };
    /**
     * AlternativeChange
     * @example {
     *       "number": "101"
     *     }
     */
    AlternativeChange: {
      /**
       * @description null: none any more
       * @default null
       */
      number?: string | null;
      /**
       * @default never
       * @enum {string}
       */
      receive?: "never" | "no_answer" | "always";
    };
    /** AlternativeNumberChanged */
    AlternativeNumberChanged: {
      alternative: components["schemas"]["AlternativeView"];
    };
    /**
     * AlternativeView
     * @description ``receive`` is what the PBX says, whoever set it.
     * @example {
     *       "number": {
     *         "dialled": "089 123456",
     *         "canonical": "+4989123456",
     *         "display": "+49 89 123456"
     *       },
     *       "receive": "never",
     *       "modes": [
     *         "never"
     *       ],
     *       "may_dial": true,
     *       "available": true,
     *       "why_not": "no_line"
     *     }
     */
    AlternativeView: {
      number: components["schemas"]["NumberView"] | null;
      /** @enum {string} */
      receive: "never" | "no_answer" | "always";
      /** @description what this PBX can be asked for */
      modes: ("never" | "no_answer" | "always")[];
      /** @description calls can begin from there: `dial` with from alternative */
      may_dial: boolean;
      available: boolean;
      why_not: ("no_line" | "not_offered" | "pbx_unreachable" | "pbx_refused") | null;
    };
    /**
     * AnnouncementChanged
     * @description Ask for the announcements again: each user sees those that are for them.
     */
    AnnouncementChanged: Record<string, never>;
    /**
     * AnnouncementEdit
     * @description For whoever may change it.
     * @example {
     *       "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "source": "platform",
     *       "kind": "maintenance",
     *       "urgency": "scheduled",
     *       "audience": "everyone",
     *       "title": "Maintenance",
     *       "text": "On Friday from 22:00.",
     *       "release": "release",
     *       "starts_at": "2026-01-02T10:00:00Z",
     *       "ends_at": "2026-01-02T10:00:00Z",
     *       "shown_from": "2026-01-02T10:00:00Z",
     *       "shown_until": "2026-01-02T10:00:00Z",
     *       "created_at": "2026-01-02T10:00:00Z",
     *       "created_by": "Ada Lang",
     *       "version": 1,
     *       "compatibility": [
     *         {
     *           "site_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "site": "Munich",
     *           "profile": "profile",
     *           "pbx_release": "V3R4",
     *           "state": "tested",
     *           "note": "tested"
     *         }
     *       ],
     *       "translations": {
     *         "name": {
     *           "title": "Maintenance",
     *           "text": "On Friday from 22:00."
     *         }
     *       }
     *     }
     */
    AnnouncementEdit: {
      id: string;
      /** @enum {string} */
      source: "platform" | "tenant";
      /** @enum {string} */
      kind: "maintenance" | "update" | "incident" | "news";
      /** @enum {string} */
      urgency: "scheduled" | "unplanned" | "emergency";
      /** @enum {string} */
      audience: "everyone" | "admins";
      title: string;
      text: string;
      release: string;
      starts_at: string | null;
      ends_at: string | null;
      /** Format: date-time */
      shown_from: string;
      /** Format: date-time */
      shown_until: string;
      /** Format: date-time */
      created_at: string;
      /** @description empty for the platform's */
      created_by: string;
      version: number;
      /** @description of an update, for administrators: whether each site's PBX goes with it */
      compatibility: components["schemas"]["SiteCompatibility"][];
      translations: {
        [key: string]: components["schemas"]["Translation"];
      };
    };
    /**
     * AnnouncementList
     * @example {
     *       "items": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "source": "platform",
     *           "kind": "maintenance",
     *           "urgency": "scheduled",
     *           "audience": "everyone",
     *           "title": "Maintenance",
     *           "text": "On Friday from 22:00.",
     *           "release": "release",
     *           "starts_at": "2026-01-02T10:00:00Z",
     *           "ends_at": "2026-01-02T10:00:00Z",
     *           "shown_from": "2026-01-02T10:00:00Z",
     *           "shown_until": "2026-01-02T10:00:00Z",
     *           "created_at": "2026-01-02T10:00:00Z",
     *           "created_by": "Ada Lang",
     *           "version": 1,
     *           "compatibility": [
     *             {
     *               "site_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *               "site": "Munich",
     *               "profile": "profile",
     *               "pbx_release": "V3R4",
     *               "state": "tested",
     *               "note": "tested"
     *             }
     *           ]
     *         }
     *       ],
     *       "next_cursor": "eyJhZnRlciI6IjQyIn0"
     *     }
     */
    AnnouncementList: {
      items: components["schemas"]["AnnouncementView"][];
      next_cursor: string | null;
    };
    /**
     * AnnouncementPage
     * @example {
     *       "items": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "source": "platform",
     *           "kind": "maintenance",
     *           "urgency": "scheduled",
     *           "audience": "everyone",
     *           "title": "Maintenance",
     *           "text": "On Friday from 22:00.",
     *           "release": "release",
     *           "starts_at": "2026-01-02T10:00:00Z",
     *           "ends_at": "2026-01-02T10:00:00Z",
     *           "shown_from": "2026-01-02T10:00:00Z",
     *           "shown_until": "2026-01-02T10:00:00Z",
     *           "created_at": "2026-01-02T10:00:00Z",
     *           "created_by": "Ada Lang",
     *           "version": 1,
     *           "compatibility": [
     *             {
     *               "site_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *               "site": "Munich",
     *               "profile": "profile",
     *               "pbx_release": "V3R4",
     *               "state": "tested",
     *               "note": "tested"
     *             }
     *           ],
     *           "translations": {
     *             "name": {
     *               "title": "Maintenance",
     *               "text": "On Friday from 22:00."
     *             }
     *           }
     *         }
     *       ],
     *       "next_cursor": "eyJhZnRlciI6IjQyIn0"
     *     }
     */
    AnnouncementPage: {
      items: components["schemas"]["AnnouncementEdit"][];
      next_cursor: string | null;
    };
    /** AnnouncementView */
    AnnouncementView: {
      id: string;
      /** @enum {string} */
      source: "platform" | "tenant";
      /** @enum {string} */
      kind: "maintenance" | "update" | "incident" | "news";
      /** @enum {string} */
      urgency: "scheduled" | "unplanned" | "emergency";
      /** @enum {string} */
      audience: "everyone" | "admins";
      title: string;
      text: string;
      release: string;
      starts_at: string | null;
      ends_at: string | null;
      /** Format: date-time */
      shown_from: string;
      /** Format: date-time */
      shown_until: string;
      /** Format: date-time */
      created_at: string;
      /** @description empty for the platform's */
      created_by: string;
      version: number;
      /** @description of an update, for administrators: whether each site's PBX goes with it */
      compatibility: components["schemas"]["SiteCompatibility"][];
    };
    /**
     * AnnouncementWish
     * @description What is to be said, whole. ``starts_at`` and ``ends_at`` are of the downtime itself.
     * @example {
     *       "kind": "maintenance",
     *       "title": "Maintenance",
     *       "text": "On Friday from 22:00.",
     *       "shown_until": "2026-01-02T10:00:00Z"
     *     }
     */
    AnnouncementWish: {
      /** @enum {string} */
      kind: "maintenance" | "update" | "incident" | "news";
      /**
       * @default scheduled
       * @enum {string}
       */
      urgency?: "scheduled" | "unplanned" | "emergency";
      /**
       * @default everyone
       * @enum {string}
       */
      audience?: "everyone" | "admins";
      title: string;
      text: string;
      translations?: {
        [key: string]: components["schemas"]["Words"];
      };
      /** @default  */
      release?: string;
      /** @default null */
      starts_at?: string | null;
      /** @default null */
      ends_at?: string | null;
      /**
       * @description default: now
       * @default null
       */
      shown_from?: string | null;
      /** Format: date-time */
      shown_until: string;
      /**
       * @description a letter to the administrators, once
       * @default false
       */
      mail?: boolean;
    };
    /**
     * Apply
     * @example {
     *       "skip_errors": false
     *     }
     */
    Apply: {
      /**
       * @description apply the others; else 409
       * @default false
       */
      skip_errors?: boolean;
      /**
       * @description then invite whom it created; needs people.invite too
       * @default false
       */
      invite?: boolean;
    };
    /** AskedSource */
    AskedSource: {
      /** @enum {string} */
      source: "ldap" | "microsoft";
      /**
       * @description slow: ask again in a second or two, the answer is kept
       * @enum {string}
       */
      state: "working" | "slow" | "busy" | "failing" | "sign_in_again";
    };
    /** AuditActor */
    AuditActor: {
      /** @enum {string} */
      kind: "user" | "key" | "operator" | "system";
      id: string;
      name: string;
    };
    /**
     * AuditFileQuery
     * @description The filters of the list, and how the file is to be.
     */
    AuditFileQuery: {
      /**
       * @default comma
       * @enum {string}
       */
      separator?: "comma" | "semicolon";
      /**
       * @description for example Europe/Berlin
       * @default UTC
       */
      time_zone?: string;
      /**
       * @description an id, or part of a name
       * @default
       */
      who?: string;
      /**
       * @description the whole word or its beginning
       * @default
       */
      action?: string;
      /**
       * @description the kind of thing: person, site
       * @default
       */
      target?: string;
      /** @default  */
      target_id?: string;
      /** @default null */
      since?: string | null;
      /**
       * @description not after
       * @default null
       */
      until?: string | null;
    };
    /**
     * AuditPage
     * @example {
     *       "items": [
     *         {
     *           "number": 1,
     *           "at": "2026-01-02T10:00:00Z",
     *           "who": {
     *             "kind": "user",
     *             "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *             "name": "Anna König"
     *           },
     *           "client_ip": "203.0.113.7",
     *           "action": "person.disable",
     *           "target": {
     *             "kind": "kind",
     *             "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *             "name": "Anna König"
     *           },
     *           "before": {},
     *           "after": {},
     *           "why": "left the company",
     *           "digest": "5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f"
     *         }
     *       ],
     *       "next_cursor": "eyJhZnRlciI6IjQyIn0"
     *     }
     */
    AuditPage: {
      items: components["schemas"]["AuditView"][];
      next_cursor: string | null;
    };
    /** AuditQuery */
    AuditQuery: {
      /**
       * @description an id, or part of a name
       * @default
       */
      who?: string;
      /**
       * @description the whole word or its beginning
       * @default
       */
      action?: string;
      /**
       * @description the kind of thing: person, site
       * @default
       */
      target?: string;
      /** @default  */
      target_id?: string;
      /** @default null */
      since?: string | null;
      /**
       * @description not after
       * @default null
       */
      until?: string | null;
      /** @default null */
      cursor?: string | null;
      /** @default 50 */
      limit?: number;
    };
    /** AuditTarget */
    AuditTarget: {
      kind: string;
      id: string;
      name: string;
    };
    /** AuditView */
    AuditView: {
      number: number;
      /** Format: date-time */
      at: string;
      who: components["schemas"]["AuditActor"];
      client_ip: string | null;
      action: string;
      target: components["schemas"]["AuditTarget"];
      before: {
        [key: string]: unknown;
      } | null;
      after: {
        [key: string]: unknown;
      } | null;
      why: string;
      /** @description SHA-256 over this entry and the one before, hexadecimal */
      digest: string;
    };
    /**
     * AutoAnswer
     * @description One device takes calls by itself; never while its user talks or is not to be disturbed.
     */
    AutoAnswer: {
      device_id: string;
      /** @default 3000 */
      after_ms?: number;
    };
    /** ByEmail */
    ByEmail: {
      email: string;
    };
    /**
     * Call
     * @description A Call of the user, always whole. Times are RFC 3339.
     *
     *     ``on`` says what the user speaks through: a device with sound of ours, or the desk phone.
     *     ``consults`` names the Call that this one was made to ask about. ``participants`` are the
     *     others in a conference, as far as the phone system tells. ``moves`` are the places that ``move``
     *     takes now; ``pull`` is for any device but the one in ``device_id``.
     */
    Call: {
      id: string;
      /** @enum {string} */
      direction: "in" | "out";
      /** @enum {string} */
      kind: "single" | "conference";
      /** @enum {string} */
      on: "device" | "desk_phone";
      phase: components["schemas"]["Phase"];
      hold: components["schemas"]["Hold"];
      media: components["schemas"]["Media"];
      muted: boolean;
      remote: components["schemas"]["Remote"];
      diverted_by: string | null;
      original_called: string | null;
      line_id: string;
      device_id: string | null;
      created_at: string;
      ringing_at: string | null;
      answered_at: string | null;
      ended_at: string | null;
      reason: components["schemas"]["EndReason"] | null;
      actions: (
        | "answer"
        | "decline"
        | "silence"
        | "hang_up"
        | "mute"
        | "unmute"
        | "dtmf"
        | "hold"
        | "retrieve"
        | "swap"
        | "consult"
        | "transfer"
        | "merge"
        | "drop"
        | "park"
        | "move"
        | "pull"
      )[];
      words: string | null;
      session_id: string | null;
      consults: string | null;
      transfer: components["schemas"]["Transfer"] | null;
      participants: components["schemas"]["Participant"][];
      moves: components["schemas"]["Place"][];
      moving: components["schemas"]["Moving"] | null;
    };
    /** CallAnswered */
    CallAnswered: {
      call_id: string;
      user_id: string;
      /** @enum {string} */
      direction: "in" | "out";
      /** @description of the other side; empty where it withholds it */
      number: string;
      /** Format: date-time */
      started_at: string;
      /** Format: date-time */
      answered_at: string;
    };
    /** CallBegun */
    CallBegun: {
      call_id: string;
      user_id: string;
      /** @enum {string} */
      direction: "in" | "out";
      /** @description of the other side; empty where it withholds it */
      number: string;
      /** Format: date-time */
      started_at: string;
    };
    /** CallEvent */
    CallEvent: {
      call: components["schemas"]["Call"];
    };
    /** CallNamed */
    CallNamed: {
      call_id: string;
    };
    /**
     * CallNumber
     * @description The three forms of a number: as typed, canonical, for people.
     */
    CallNumber: {
      dialled: string;
      canonical: string;
      display: string;
    };
    /** CallOfUser */
    CallOfUser: {
      /** @description RFC 3339 */
      at: string;
      user_id: string;
      call: components["schemas"]["Call"];
    };
    /** CallOver */
    CallOver: {
      call_id: string;
      user_id: string;
      /** @enum {string} */
      direction: "in" | "out";
      /** @description of the other side; empty where it withholds it */
      number: string;
      /** Format: date-time */
      started_at: string;
      /** @description the kind of the journal's entry: answered, missed, declined */
      outcome: string;
      /** @description why it ended, in the words of the calls' ended.reason */
      reason: string;
      answered_at: string | null;
      /** Format: date-time */
      ended_at: string;
      /** @description of the conversation */
      duration_ms: number;
    };
    /**
     * CallbackQuery
     * @description Providers add what they like.
     */
    CallbackQuery: {
      /** @default  */
      state?: string;
      /** @default  */
      code?: string;
      /** @default  */
      error?: string;
      /** @default  */
      error_description?: string;
      /** @default  */
      iss?: string;
    };
    /**
     * CallsOfUser
     * @example {
     *       "user_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "items": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "direction": "in",
     *           "kind": "single",
     *           "on": "device",
     *           "phase": "dialling",
     *           "hold": "none",
     *           "media": "none",
     *           "muted": true,
     *           "remote": {
     *             "name": "Anna König",
     *             "number": {
     *               "dialled": "089 123456",
     *               "canonical": "+4989123456",
     *               "display": "+49 89 123456"
     *             }
     *           },
     *           "diverted_by": "Ada Lang",
     *           "original_called": "original_called",
     *           "line_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "device_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "created_at": "2026-01-02T10:00:00Z",
     *           "ringing_at": "2026-01-02T10:00:00Z",
     *           "answered_at": "2026-01-02T10:00:00Z",
     *           "ended_at": "2026-01-02T10:00:00Z",
     *           "reason": "hung_up",
     *           "actions": [
     *             "answer"
     *           ],
     *           "words": "the number belongs to somebody else",
     *           "session_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "consults": "consults",
     *           "transfer": {
     *             "to": {
     *               "name": "Anna König",
     *               "number": {
     *                 "dialled": "089 123456",
     *                 "canonical": "+4989123456",
     *                 "display": "+49 89 123456"
     *               }
     *             },
     *             "with": "with"
     *           },
     *           "participants": [
     *             {
     *               "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *               "name": "Anna König",
     *               "number": {
     *                 "dialled": "089 123456",
     *                 "canonical": "+4989123456",
     *                 "display": "+49 89 123456"
     *               }
     *             }
     *           ],
     *           "moves": [
     *             {
     *               "to": "+4989123456",
     *               "name": "Anna König"
     *             }
     *           ],
     *           "moving": {
     *             "to": "+4989123456",
     *             "by": "Ada Lang"
     *           }
     *         }
     *       ],
     *       "devices": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "name": "Laptop"
     *         }
     *       ],
     *       "desk_phone": {
     *         "state": "free"
     *       }
     *     }
     */
    CallsOfUser: {
      user_id: string;
      items: components["schemas"]["Call"][];
      /** @description apps of the user that are connected now: what can dial and answer */
      devices: components["schemas"]["ConnectedDevice"][];
      /** @description null: the PBX told of none */
      desk_phone: components["schemas"]["DeskPhone"] | null;
    };
    /**
     * CallsView
     * @example {
     *       "items": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "direction": "in",
     *           "kind": "single",
     *           "on": "device",
     *           "phase": "dialling",
     *           "hold": "none",
     *           "media": "none",
     *           "muted": true,
     *           "remote": {
     *             "name": "Anna König",
     *             "number": {
     *               "dialled": "089 123456",
     *               "canonical": "+4989123456",
     *               "display": "+49 89 123456"
     *             }
     *           },
     *           "diverted_by": "Ada Lang",
     *           "original_called": "original_called",
     *           "line_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "device_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "created_at": "2026-01-02T10:00:00Z",
     *           "ringing_at": "2026-01-02T10:00:00Z",
     *           "answered_at": "2026-01-02T10:00:00Z",
     *           "ended_at": "2026-01-02T10:00:00Z",
     *           "reason": "hung_up",
     *           "actions": [
     *             "answer"
     *           ],
     *           "words": "the number belongs to somebody else",
     *           "session_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "consults": "consults",
     *           "transfer": {
     *             "to": {
     *               "name": "Anna König",
     *               "number": {
     *                 "dialled": "089 123456",
     *                 "canonical": "+4989123456",
     *                 "display": "+49 89 123456"
     *               }
     *             },
     *             "with": "with"
     *           },
     *           "participants": [
     *             {
     *               "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *               "name": "Anna König",
     *               "number": {
     *                 "dialled": "089 123456",
     *                 "canonical": "+4989123456",
     *                 "display": "+49 89 123456"
     *               }
     *             }
     *           ],
     *           "moves": [
     *             {
     *               "to": "+4989123456",
     *               "name": "Anna König"
     *             }
     *           ],
     *           "moving": {
     *             "to": "+4989123456",
     *             "by": "Ada Lang"
     *           }
     *         }
     *       ]
     *     }
     */
    CallsView: {
      items: components["schemas"]["Call"][];
    };
    /**
     * ChangedWebhook
     * @description The whole of it. Whoever ends a pause, or that the gateway stopped, begins anew.
     * @example {
     *       "url": "https://example.com/hook",
     *       "events": [
     *         "call.ringing"
     *       ],
     *       "paused": true
     *     }
     */
    ChangedWebhook: {
      /** @description https, and public */
      url: string;
      /**
       * @description for people
       * @default
       */
      description?: string;
      events: components["schemas"]["Event"][];
      /** @description true: nothing is sent, and what happens is not kept for it */
      paused: boolean;
    };
    /**
     * ChosenPeople
     * @example {
     *       "ids": [
     *         "01948a5d-ac96-774b-bcce-b302099a8057"
     *       ]
     *     }
     */
    ChosenPeople: {
      ids: string[];
    };
    /**
     * CodeRequest
     * @example {
     *       "code": "123456"
     *     }
     */
    CodeRequest: {
      code: string;
    };
    /**
     * CodeSent
     * @example {
     *       "expires_in": 1
     *     }
     */
    CodeSent: {
      /** @description seconds */
      expires_in: number;
    };
    /** ColumnView */
    ColumnView: {
      name: string;
      /** @description our name for it, as far as it can be guessed */
      field: string | null;
      /** @description some of its cells; none of passwords */
      samples: string[];
    };
    /** ColumnsQuery */
    ColumnsQuery: {
      /**
       * @default auto
       * @enum {string}
       */
      encoding?: "auto" | "utf-8" | "utf-16" | "cp1252";
      /**
       * @default auto
       * @enum {string}
       */
      separator?: "auto" | "semicolon" | "comma" | "tab";
    };
    /**
     * CommandForUser
     * @description What the verb needs, and nothing else.
     * @example {
     *       "to": "+49 89 5550103"
     *     }
     */
    CommandForUser: {
      /**
       * @description one of `devices`; not needed while only one of them is connected
       * @default null
       */
      device_id?: string | null;
      /**
       * @description transfer, consult: a number; move: a place of the call's `moves`
       * @default null
       */
      to?: string | null;
      /**
       * @description transfer, merge: the user's other call
       * @default null
       */
      with?: string | null;
      /**
       * @description dtmf
       * @default null
       */
      digits?: string | null;
      /**
       * @description park
       * @default null
       */
      slot?: string | null;
      /**
       * @description drop
       * @default null
       */
      participant?: string | null;
    };
    /**
     * CommandView
     * @example {
     *       "ok": true,
     *       "call": {
     *         "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "direction": "in",
     *         "kind": "single",
     *         "on": "device",
     *         "phase": "dialling",
     *         "hold": "none",
     *         "media": "none",
     *         "muted": true,
     *         "remote": {
     *           "name": "Anna König",
     *           "number": {
     *             "dialled": "089 123456",
     *             "canonical": "+4989123456",
     *             "display": "+49 89 123456"
     *           }
     *         },
     *         "diverted_by": "Ada Lang",
     *         "original_called": "original_called",
     *         "line_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "device_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "created_at": "2026-01-02T10:00:00Z",
     *         "ringing_at": "2026-01-02T10:00:00Z",
     *         "answered_at": "2026-01-02T10:00:00Z",
     *         "ended_at": "2026-01-02T10:00:00Z",
     *         "reason": "hung_up",
     *         "actions": [
     *           "answer"
     *         ],
     *         "words": "the number belongs to somebody else",
     *         "session_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "consults": "consults",
     *         "transfer": {
     *           "to": {
     *             "name": "Anna König",
     *             "number": {
     *               "dialled": "089 123456",
     *               "canonical": "+4989123456",
     *               "display": "+49 89 123456"
     *             }
     *           },
     *           "with": "with"
     *         },
     *         "participants": [
     *           {
     *             "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *             "name": "Anna König",
     *             "number": {
     *               "dialled": "089 123456",
     *               "canonical": "+4989123456",
     *               "display": "+49 89 123456"
     *             }
     *           }
     *         ],
     *         "moves": [
     *           {
     *             "to": "+4989123456",
     *             "name": "Anna König"
     *           }
     *         ],
     *         "moving": {
     *           "to": "+4989123456",
     *           "by": "Ada Lang"
     *         }
     *       },
     *       "extra": {}
     *     }
     */
    CommandView: {
      /**
       * @default true
       * @constant
       */
      ok: true;
      /** @default null */
      call: components["schemas"]["Call"] | null;
      extra: {
        [key: string]: unknown;
      };
    };
    /** ConfigQuery */
    ConfigQuery: {
      /** @default null */
      since?: number | null;
    };
    /**
     * ConfirmIn
     * @description An operator has seen a proof of another kind.
     * @example {
     *       "tenant_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "domain": "example.com",
     *       "why": "left the company"
     *     }
     */
    ConfirmIn: {
      tenant_id: string;
      domain: string;
      why: string;
    };
    /**
     * Confirmation
     * @example {
     *       "code": "123456"
     *     }
     */
    Confirmation: {
      code: string;
    };
    /**
     * ConnectStarted
     * @example {
     *       "url": "https://example.com/hook"
     *     }
     */
    ConnectStarted: {
      /** @description go there in the same window */
      url: string;
    };
    /** ConnectedDevice */
    ConnectedDevice: {
      id: string;
      name: string;
    };
    /**
     * ConnectionIn
     * @example {
     *       "name": "Example's own sign-in",
     *       "issuer": "https://login.example.com",
     *       "client_id": "01948a5d-ac96-774b-bcce-b302099a8057"
     *     }
     */
    ConnectionIn: {
      /** @description on the button */
      name: string;
      issuer: string;
      client_id: string;
      /**
       * @description null: keep, for the same issuer alone; empty: there is none
       * @default null
       */
      client_secret?: string | null;
      /** @default null */
      secret_expires_at?: string | null;
      /** @default openid email profile */
      scopes?: string;
      /** @default groups */
      groups_claim?: string;
      role_by_group?: {
        [key: string]: "user" | "help_desk" | "admin";
      };
      /** @default true */
      create_users?: boolean;
      /** @default false */
      active?: boolean;
    };
    /**
     * ConnectionList
     * @example {
     *       "items": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "name": "Example's own sign-in",
     *           "issuer": "https://login.example.com",
     *           "client_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "has_secret": true,
     *           "secret_expires_at": "2026-01-02T10:00:00Z",
     *           "scopes": "scopes",
     *           "groups_claim": "groups_claim",
     *           "role_by_group": {
     *             "name": "Anna König"
     *           },
     *           "create_users": true,
     *           "active": true,
     *           "version": 1,
     *           "redirect_uri": "redirect_uri",
     *           "start_url": "https://example.com/hook",
     *           "domains": [
     *             {
     *               "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *               "domain": "example.com",
     *               "connection_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *               "state": "waiting",
     *               "proven_by": "",
     *               "dns_name": "Anna König",
     *               "dns_value": "dns_value",
     *               "missing_since": "2026-01-02T10:00:00Z"
     *             }
     *           ],
     *           "last_sign_in": "2026-01-02T10:00:00Z",
     *           "last_error": "the other side answered 503",
     *           "last_error_at": "2026-01-02T10:00:00Z",
     *           "last_test": {
     *             "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *             "at": "2026-01-02T10:00:00Z",
     *             "ok": true,
     *             "code": "123456",
     *             "detail": "the line answered",
     *             "email": "anna@example.com",
     *             "name": "Anna König",
     *             "groups": [
     *               "group"
     *             ],
     *             "role": "user"
     *           },
     *           "warnings": [
     *             "secret_expired"
     *           ]
     *         }
     *       ],
     *       "next_cursor": null
     *     }
     */
    ConnectionList: {
      items: components["schemas"]["ConnectionView"][];
      /** @default null */
      next_cursor: null;
    };
    /**
     * ConnectionView
     * @example {
     *       "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "name": "Example's own sign-in",
     *       "issuer": "https://login.example.com",
     *       "client_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "has_secret": true,
     *       "secret_expires_at": "2026-01-02T10:00:00Z",
     *       "scopes": "scopes",
     *       "groups_claim": "groups_claim",
     *       "role_by_group": {
     *         "name": "Anna König"
     *       },
     *       "create_users": true,
     *       "active": true,
     *       "version": 1,
     *       "redirect_uri": "redirect_uri",
     *       "start_url": "https://example.com/hook",
     *       "domains": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "domain": "example.com",
     *           "connection_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "state": "waiting",
     *           "proven_by": "",
     *           "dns_name": "Anna König",
     *           "dns_value": "dns_value",
     *           "missing_since": "2026-01-02T10:00:00Z"
     *         }
     *       ],
     *       "last_sign_in": "2026-01-02T10:00:00Z",
     *       "last_error": "the other side answered 503",
     *       "last_error_at": "2026-01-02T10:00:00Z",
     *       "last_test": {
     *         "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "at": "2026-01-02T10:00:00Z",
     *         "ok": true,
     *         "code": "123456",
     *         "detail": "the line answered",
     *         "email": "anna@example.com",
     *         "name": "Anna König",
     *         "groups": [
     *           "group"
     *         ],
     *         "role": "user"
     *       },
     *       "warnings": [
     *         "secret_expired"
     *       ]
     *     }
     */
    ConnectionView: {
      id: string;
      name: string;
      issuer: string;
      client_id: string;
      has_secret: boolean;
      secret_expires_at: string | null;
      scopes: string;
      groups_claim: string;
      role_by_group: {
        [key: string]: string;
      };
      create_users: boolean;
      active: boolean;
      version: number;
      /** @description to enter at the provider */
      redirect_uri: string;
      start_url: string;
      domains: components["schemas"]["DomainView"][];
      last_sign_in: string | null;
      /** @description a code; empty: the last sign-on was well */
      last_error: string;
      last_error_at: string | null;
      last_test: components["schemas"]["TestResult"] | null;
      warnings: ("secret_expired" | "secret_expires_soon" | "no_domain")[];
    };
    /**
     * Connector
     * @description The link to the user's site, layer by layer.
     */
    Connector: {
      /** @enum {string} */
      state: "not_set_up" | "connecting" | "working" | "weak" | "down" | "refused" | "unknown";
      layers: components["schemas"]["ConnectorLayer"][];
    };
    /** ConnectorChanged */
    ConnectorChanged: {
      connector: components["schemas"]["Connector"];
    };
    /** ConnectorLayer */
    ConnectorLayer: {
      /** @enum {string} */
      layer: "network" | "tls" | "key" | "registration" | "voice" | "control" | "audio";
      /** @enum {string} */
      state: "working" | "weak" | "down" | "unknown";
      since: string;
    };
    /** ConnectorOfSite */
    ConnectorOfSite: {
      /** @description RFC 3339 */
      at: string;
      site_id: string;
      connector: components["schemas"]["Connector"];
    };
    /**
     * ConnectorPage
     * @example {
     *       "site": {
     *         "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "name": "Munich",
     *         "profile": "profile",
     *         "pbx_release": "V3R4"
     *       },
     *       "state": "not_set_up",
     *       "layers": [
     *         {
     *           "layer": "network",
     *           "state": "working",
     *           "since": "2026-01-02T10:00:00Z",
     *           "last_proof": "2026-01-02T10:00:00Z",
     *           "detail": "the line answered",
     *           "measured": [
     *             {
     *               "code": "round_trip_ms",
     *               "value": 1,
     *               "of": 1
     *             }
     *           ],
     *           "advice": {
     *             "code": "123456",
     *             "text": "On Friday from 22:00."
     *           }
     *         }
     *       ],
     *       "versions": {
     *         "gateway": "gateway",
     *         "connector": "connector",
     *         "pbx_release": "V3R4",
     *         "compatibility": "tested",
     *         "note": "Back at three",
     *         "releases": [
     *           {
     *             "offhook": "offhook",
     *             "release": "release",
     *             "state": "tested",
     *             "note": "Back at three"
     *           }
     *         ],
     *         "newer_connector": true
     *       },
     *       "certificates": [
     *         {
     *           "of": "edge",
     *           "not_after": "2026-01-02T10:00:00Z",
     *           "days_left": 1,
     *           "state": "ok"
     *         }
     *       ],
     *       "errors": [
     *         {
     *           "at": "2026-01-02T10:00:00Z",
     *           "layer": "layer",
     *           "code": "123456",
     *           "detail": "the line answered"
     *         }
     *       ],
     *       "capacity": {
     *         "calls": 1,
     *         "channels": 1,
     *         "lines": 1,
     *         "registered": 1,
     *         "ip_licences": 1,
     *         "warnings": [
     *           "warning"
     *         ]
     *       },
     *       "installations": [
     *         {
     *           "instance": "instance",
     *           "version": "version",
     *           "last_seen": "2026-01-02T10:00:00Z",
     *           "connected": true
     *         }
     *       ],
     *       "keys": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "name": "Order desk",
     *           "expires_at": "2026-01-02T10:00:00Z",
     *           "in_use": true
     *         }
     *       ],
     *       "unregistered": [
     *         {
     *           "number": "101",
     *           "name": "Anna König",
     *           "detail": "the line answered"
     *         }
     *       ]
     *     }
     */
    ConnectorPage: {
      site: components["schemas"]["PageSite"];
      /** @enum {string} */
      state: "not_set_up" | "connecting" | "working" | "weak" | "down" | "refused" | "unknown";
      layers: components["schemas"]["PageLayer"][];
      versions: components["schemas"]["PageVersions"];
      certificates: components["schemas"]["PageCertificate"][];
      /** @description the latest first, fifty at most */
      errors: components["schemas"]["PageTrouble"][];
      capacity: components["schemas"]["PageCapacity"];
      installations: components["schemas"]["PageInstallation"][];
      /** @description live ones */
      keys: components["schemas"]["PageKey"][];
      /** @description twenty at most */
      unregistered: components["schemas"]["PageLine"][];
    };
    /** ContactNumberView */
    ContactNumberView: {
      /** @enum {string} */
      kind: "work" | "mobile" | "home" | "other";
      number: components["schemas"]["NumberView"];
    };
    /**
     * ContactView
     * @example {
     *       "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "shared": true,
     *       "name": "Anna König",
     *       "company": "Example GmbH",
     *       "email": "anna@example.com",
     *       "note": "Back at three",
     *       "numbers": [
     *         {
     *           "kind": "work",
     *           "number": {
     *             "dialled": "089 123456",
     *             "canonical": "+4989123456",
     *             "display": "+49 89 123456"
     *           }
     *         }
     *       ],
     *       "version": 1
     *     }
     */
    ContactView: {
      id: string;
      /** @description everybody in the company reads it */
      shared: boolean;
      name: string;
      company: string;
      email: string;
      note: string;
      numbers: components["schemas"]["ContactNumberView"][];
      version: number;
    };
    /**
     * ContactWish
     * @description The whole contact.
     * @example {
     *       "name": "Anna König"
     *     }
     */
    ContactWish: {
      name: string;
      /** @default  */
      company?: string;
      /** @default  */
      email?: string;
      /** @default  */
      note?: string;
      numbers?: components["schemas"]["NumberWish"][];
    };
    /**
     * ContactsImported
     * @example {
     *       "created": 1,
     *       "unchanged": 1,
     *       "faults": [
     *         {
     *           "row": 1,
     *           "column": "number",
     *           "code": "number_taken",
     *           "reason": "the number belongs to somebody else"
     *         }
     *       ],
     *       "left_out": 1
     *     }
     */
    ContactsImported: {
      created: number;
      /** @description the same contact was there already */
      unchanged: number;
      /** @description the first 100 of what was left out */
      faults: components["schemas"]["ImportFaultView"][];
      left_out: number;
    };
    /**
     * ContactsPage
     * @example {
     *       "items": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "shared": true,
     *           "name": "Anna König",
     *           "company": "Example GmbH",
     *           "email": "anna@example.com",
     *           "note": "Back at three",
     *           "numbers": [
     *             {
     *               "kind": "work",
     *               "number": {
     *                 "dialled": "089 123456",
     *                 "canonical": "+4989123456",
     *                 "display": "+49 89 123456"
     *               }
     *             }
     *           ],
     *           "version": 1
     *         }
     *       ],
     *       "next_cursor": "eyJhZnRlciI6IjQyIn0"
     *     }
     */
    ContactsPage: {
      items: components["schemas"]["ContactView"][];
      next_cursor: string | null;
    };
    /** ContactsQuery */
    ContactsQuery: {
      /** @default  */
      q?: string;
      /**
       * @default all
       * @enum {string}
       */
      of?: "all" | "mine" | "company";
      /** @default null */
      cursor?: string | null;
      /** @default 50 */
      limit?: number;
    };
    /** CountsView */
    CountsView: {
      /** @default 0 */
      create: number;
      /** @default 0 */
      update: number;
      /** @default 0 */
      unchanged: number;
      /** @default 0 */
      error: number;
      /** @default 0 */
      warning: number;
      /** @default 0 */
      applied: number;
      /** @default 0 */
      failed: number;
      /** @default 0 */
      undone: number;
      /**
       * @description changed since, and so not undone
       * @default 0
       */
      kept: number;
    };
    /**
     * Deletion
     * @description ``name``: the tenant's, typed again.
     * @example {
     *       "name": "Example GmbH"
     *     }
     */
    Deletion: {
      name: string;
    };
    /** DeliveriesQuery */
    DeliveriesQuery: {
      /** @default null */
      state?: ("waiting" | "delivered" | "dead") | null;
      /** @default null */
      cursor?: string | null;
      /** @default 50 */
      limit?: number;
    };
    /**
     * DeliveryPage
     * @example {
     *       "items": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "event": "call.ended",
     *           "state": "waiting",
     *           "attempts": 1,
     *           "created_at": "2026-01-02T10:00:00Z",
     *           "next_try_at": "2026-01-02T10:00:00Z",
     *           "settled_at": "2026-01-02T10:00:00Z",
     *           "error": "the other side answered 503"
     *         }
     *       ],
     *       "next_cursor": "eyJhZnRlciI6IjQyIn0"
     *     }
     */
    DeliveryPage: {
      items: components["schemas"]["DeliveryView"][];
      next_cursor: string | null;
    };
    /**
     * DeliveryView
     * @description What was sent is not shown: it may tell of a call.
     * @example {
     *       "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "event": "call.ended",
     *       "state": "waiting",
     *       "attempts": 1,
     *       "created_at": "2026-01-02T10:00:00Z",
     *       "next_try_at": "2026-01-02T10:00:00Z",
     *       "settled_at": "2026-01-02T10:00:00Z",
     *       "error": "the other side answered 503"
     *     }
     */
    DeliveryView: {
      /** @description the same in webhook-id, over all attempts */
      id: string;
      event: string;
      /** @enum {string} */
      state: "waiting" | "delivered" | "dead";
      attempts: number;
      /** Format: date-time */
      created_at: string;
      next_try_at: string | null;
      settled_at: string | null;
      error: string;
    };
    /** DemoView */
    DemoView: {
      hints: components["schemas"]["HintView"][];
    };
    /**
     * DeskPhone
     * @description The user's desk phone. ``unknown``: the PBX does not tell, or cannot be asked now.
     */
    DeskPhone: {
      /** @enum {string} */
      state: "free" | "ringing" | "in_call" | "not_signed_in" | "unknown";
    };
    /** DeskPhoneChanged */
    DeskPhoneChanged: {
      /** @description null: the PBX told of none */
      desk_phone: components["schemas"]["DeskPhone"] | null;
    };
    /**
     * DeviceInfo
     * @description The device that signs in. ``id``: the one given at an earlier sign-in, to stay the same.
     */
    DeviceInfo: {
      /** @default null */
      id?: string | null;
      /**
       * @default web
       * @enum {string}
       */
      kind?: "web" | "pwa" | "ios" | "android" | "api";
      /** @default  */
      name?: string;
    };
    /** DeviceOnline */
    DeviceOnline: {
      id: string;
      online: boolean;
    };
    /** DeviceView */
    DeviceView: {
      id: string;
      /** @enum {string} */
      kind: "web" | "pwa" | "ios" | "android" | "api";
      name: string;
      online: boolean;
      this: boolean;
      /** Format: date-time */
      last_seen: string;
    };
    /** DevicesChanged */
    DevicesChanged: {
      device: components["schemas"]["DeviceOnline"];
    };
    /**
     * DevicesView
     * @example {
     *       "items": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "kind": "web",
     *           "name": "Laptop",
     *           "online": true,
     *           "this": true,
     *           "last_seen": "2026-01-02T10:00:00Z"
     *         }
     *       ]
     *     }
     */
    DevicesView: {
      items: components["schemas"]["DeviceView"][];
    };
    /**
     * DiagnosticsPage
     * @example {
     *       "items": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "reference": "7KQ4-M2",
     *           "source": "source",
     *           "sender": {
     *             "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *             "name": "Anna König"
     *           },
     *           "note": "Back at three",
     *           "size": 1,
     *           "redacted": 1,
     *           "created_at": "2026-01-02T10:00:00Z",
     *           "kept_until": "2026-01-02T10:00:00Z"
     *         }
     *       ],
     *       "next_cursor": "eyJhZnRlciI6IjQyIn0"
     *     }
     */
    DiagnosticsPage: {
      items: components["schemas"]["DiagnosticsView"][];
      next_cursor: string | null;
    };
    /** DiagnosticsQuery */
    DiagnosticsQuery: {
      /** @default null */
      cursor?: string | null;
      /** @default 50 */
      limit?: number;
    };
    /** DiagnosticsSender */
    DiagnosticsSender: {
      id: string;
      name: string;
    };
    /**
     * DiagnosticsSent
     * @description What the sender has read and agreed to.
     * @example {
     *       "source": "webapp",
     *       "bundle": {
     *         "link": "online",
     *         "microphone": "granted"
     *       }
     *     }
     */
    DiagnosticsSent: {
      /** @enum {string} */
      source: "webapp" | "portal";
      /**
       * @description what went wrong, in own words
       * @default
       */
      note?: string;
      /**
       * @description free; secrets are taken out here
       * @example {
       *       "link": "online",
       *       "microphone": "granted"
       *     }
       */
      bundle: {
        [key: string]: unknown;
      };
    };
    /**
     * DiagnosticsTaken
     * @example {
     *       "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "reference": "7KQ4-M2",
     *       "redacted": 1,
     *       "kept_until": "2026-01-02T10:00:00Z"
     *     }
     */
    DiagnosticsTaken: {
      id: string;
      /** @description short, to be named to whoever helps */
      reference: string;
      /** @description places where the gateway took something out */
      redacted: number;
      /** Format: date-time */
      kept_until: string;
    };
    /**
     * DiagnosticsView
     * @description One of the list; its content is a file of its own.
     */
    DiagnosticsView: {
      id: string;
      reference: string;
      source: string;
      sender: components["schemas"]["DiagnosticsSender"];
      note: string;
      /** @description bytes */
      size: number;
      redacted: number;
      /** Format: date-time */
      created_at: string;
      /** Format: date-time */
      kept_until: string;
    };
    /**
     * DialForUser
     * @example {
     *       "from": "desk_phone",
     *       "to": "+49 89 5550102"
     *     }
     */
    DialForUser: {
      /** @description as typed, pasted or clicked */
      to: string;
      /**
       * @description device: an app of the user, whose microphone opens; desk_phone: the call comes as an event, the reply has none; alternative: the PBX rings the user's alternative number first
       * @default device
       * @enum {string}
       */
      from?: "device" | "desk_phone" | "alternative";
      /**
       * @description one of `devices`; not needed while only one of them is connected
       * @default null
       */
      device_id?: string | null;
      /**
       * @description the other side does not see the user's number
       * @default false
       */
      hide_number?: boolean;
    };
    /**
     * DialRequest
     * @example {
     *       "to": "+4989123456"
     *     }
     */
    DialRequest: {
      /** @description as typed, pasted or clicked */
      to: string;
      /**
       * @description desk_phone: the call comes as an event, the reply has none; alternative: the PBX rings your alternative number first
       * @default device
       * @enum {string}
       */
      from?: "device" | "desk_phone" | "alternative";
      /**
       * @description the other side does not see yours
       * @default false
       */
      hide_number?: boolean;
    };
    /**
     * DirectoryIn
     * @example {
     *       "host": "ldap.example.com"
     *     }
     */
    DirectoryIn: {
      host: string;
      /** @default 389 */
      port?: number;
      /**
       * @default starttls
       * @enum {string}
       */
      security?: "starttls" | "ldaps";
      /** @default  */
      ca_pem?: string;
      /**
       * @default search
       * @enum {string}
       */
      method?: "search" | "bind";
      /** @default  */
      user_dn?: string;
      /** @default  */
      base_dn?: string;
      /** @default (mail={email}) */
      user_filter?: string;
      /** @default  */
      bind_dn?: string;
      /**
       * @description null: keep, for the same host, port and ca_pem alone; empty: there is none
       * @default null
       */
      bind_password?: string | null;
      /** @default mail */
      email_attribute?: string;
      /** @default cn */
      name_attribute?: string;
      /** @default memberOf */
      group_attribute?: string;
      role_by_group?: {
        [key: string]: "user" | "help_desk" | "admin";
      };
      /** @default true */
      create_users?: boolean;
      /** @default false */
      active?: boolean;
    };
    /**
     * DirectoryPage
     * @example {
     *       "items": [
     *         {
     *           "user_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "name": "Anna König",
     *           "email": "anna@example.com",
     *           "number": {
     *             "dialled": "089 123456",
     *             "canonical": "+4989123456",
     *             "display": "+49 89 123456"
     *           }
     *         }
     *       ],
     *       "next_cursor": "eyJhZnRlciI6IjQyIn0"
     *     }
     */
    DirectoryPage: {
      items: components["schemas"]["PersonView"][];
      next_cursor: string | null;
    };
    /** DirectoryQuery */
    DirectoryQuery: {
      /** @default  */
      q?: string;
      /** @default null */
      cursor?: string | null;
      /** @default 50 */
      limit?: number;
    };
    /**
     * DirectoryTest
     * @description Tried once, with what is stored; kept nowhere.
     * @example {
     *       "email": "anna@example.com",
     *       "password": "seven green umbrellas"
     *     }
     */
    DirectoryTest: {
      email: string;
      password: string;
    };
    /**
     * DirectoryView
     * @example {
     *       "host": "ldap.example.com",
     *       "port": 1,
     *       "security": "starttls",
     *       "ca_pem": "ca_pem",
     *       "method": "search",
     *       "user_dn": "user_dn",
     *       "base_dn": "base_dn",
     *       "user_filter": "user_filter",
     *       "bind_dn": "bind_dn",
     *       "has_bind_password": true,
     *       "email_attribute": "email_attribute",
     *       "name_attribute": "name_attribute",
     *       "group_attribute": "group_attribute",
     *       "role_by_group": {
     *         "name": "Anna König"
     *       },
     *       "create_users": true,
     *       "active": true,
     *       "version": 1,
     *       "domains": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "domain": "example.com",
     *           "connection_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "state": "waiting",
     *           "proven_by": "",
     *           "dns_name": "Anna König",
     *           "dns_value": "dns_value",
     *           "missing_since": "2026-01-02T10:00:00Z"
     *         }
     *       ],
     *       "last_sign_in": "2026-01-02T10:00:00Z",
     *       "last_error": "the other side answered 503",
     *       "last_error_at": "2026-01-02T10:00:00Z"
     *     }
     */
    DirectoryView: {
      host: string;
      port: number;
      /** @enum {string} */
      security: "starttls" | "ldaps";
      ca_pem: string;
      /** @enum {string} */
      method: "search" | "bind";
      user_dn: string;
      base_dn: string;
      user_filter: string;
      bind_dn: string;
      has_bind_password: boolean;
      email_attribute: string;
      name_attribute: string;
      group_attribute: string;
      role_by_group: {
        [key: string]: string;
      };
      create_users: boolean;
      active: boolean;
      /** @description 0: never set up */
      version: number;
      domains: components["schemas"]["DomainView"][];
      last_sign_in: string | null;
      last_error: string;
      last_error_at: string | null;
    };
    /**
     * DomainIn
     * @example {
     *       "domain": "example.com"
     *     }
     */
    DomainIn: {
      domain: string;
      /** @default null */
      connection_id?: string | null;
    };
    /**
     * DomainList
     * @example {
     *       "items": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "domain": "example.com",
     *           "connection_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "state": "waiting",
     *           "proven_by": "",
     *           "dns_name": "Anna König",
     *           "dns_value": "dns_value",
     *           "missing_since": "2026-01-02T10:00:00Z"
     *         }
     *       ],
     *       "next_cursor": null
     *     }
     */
    DomainList: {
      items: components["schemas"]["DomainView"][];
      /** @default null */
      next_cursor: null;
    };
    /**
     * DomainView
     * @example {
     *       "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "domain": "example.com",
     *       "connection_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "state": "waiting",
     *       "proven_by": "",
     *       "dns_name": "Anna König",
     *       "dns_value": "dns_value",
     *       "missing_since": "2026-01-02T10:00:00Z"
     *     }
     */
    DomainView: {
      id: string;
      domain: string;
      /** @description null: of the LDAP directory */
      connection_id: string | null;
      /** @enum {string} */
      state: "waiting" | "proven";
      /** @enum {string} */
      proven_by: "" | "dns" | "operator";
      /** @description where the TXT record goes */
      dns_name: string;
      dns_value: string;
      /** @description the record is gone: two weeks later the domain is not proven any more */
      missing_since: string | null;
    };
    /**
     * EndReason
     * @description Why a Call ended.
     * @enum {string}
     */
    EndReason:
      | "hung_up"
      | "declined"
      | "busy"
      | "no_answer"
      | "cancelled"
      | "answered_elsewhere"
      | "unreachable"
      | "forwarded"
      | "transferred"
      | "merged"
      | "blocked"
      | "not_held"
      | "media_failed"
      | "node_failed";
    /**
     * EntryDetails
     * @example {
     *       "entry": {
     *         "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "call_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "direction": "in",
     *         "kind": "answered",
     *         "reason": "hung_up",
     *         "name": "Anna König",
     *         "number": {
     *           "dialled": "089 123456",
     *           "canonical": "+4989123456",
     *           "display": "+49 89 123456"
     *         },
     *         "started_at": "2026-01-02T10:00:00Z",
     *         "answered_at": "2026-01-02T10:00:00Z",
     *         "ended_at": "2026-01-02T10:00:00Z",
     *         "duration_ms": 1,
     *         "device_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "unread": true,
     *         "diverted_by": "Ada Lang",
     *         "original_called": "original_called",
     *         "answered_on": "app",
     *         "answered_by": "Ada Lang",
     *         "forwarded_to": "+4989123456"
     *       },
     *       "trail": [
     *         {
     *           "at": "2026-01-02T10:00:00Z",
     *           "code": "rang",
     *           "device": {
     *             "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *             "name": "Anna König",
     *             "kind": "web"
     *           },
     *           "detail": "the line answered"
     *         }
     *       ]
     *     }
     */
    EntryDetails: {
      entry: components["schemas"]["EntryView"];
      trail: components["schemas"]["TrailView"][];
    };
    /**
     * EntryView
     * @description A call that is over and settled; what still runs is not in the journal.
     */
    EntryView: {
      id: string;
      call_id: string;
      /** @enum {string} */
      direction: "in" | "out";
      /** @enum {string} */
      kind:
        | "answered"
        | "answered_by"
        | "missed"
        | "declined"
        | "forwarded"
        | "busy"
        | "no_answer"
        | "cancelled"
        | "failed";
      reason: components["schemas"]["EndReason"] | null;
      name: string | null;
      number: components["schemas"]["NumberView"];
      /** Format: date-time */
      started_at: string;
      answered_at: string | null;
      ended_at: string | null;
      duration_ms: number;
      device_id: string | null;
      unread: boolean;
      /** @description who sent the call on to you */
      diverted_by: string | null;
      /** @description whom the caller had meant, if another */
      original_called: string | null;
      answered_on: ("app" | "desk_phone" | "elsewhere") | null;
      /** @description the colleague who took it */
      answered_by: string | null;
      forwarded_to: string | null;
    };
    /**
     * Event
     * @enum {string}
     */
    Event:
      | "call.ringing"
      | "call.dialling"
      | "call.answered"
      | "call.ended"
      | "call.missed"
      | "voicemail.changed"
      | "connector.up"
      | "connector.down"
      | "person.created"
      | "person.changed"
      | "person.disabled"
      | "person.enabled"
      | "person.erased"
      | "import.finished"
      | "import.undone"
      | "key.created"
      | "key.regenerated"
      | "key.revoked";
    /**
     * ExportQuery
     * @description The journal, whole.
     */
    ExportQuery: {
      /**
       * @default comma
       * @enum {string}
       */
      separator?: "comma" | "semicolon";
      /**
       * @description for example Europe/Berlin
       * @default UTC
       */
      time_zone?: string;
    };
    /**
     * FileColumnsView
     * @description What the mapping of an import can be made of.
     * @example {
     *       "format": "csv",
     *       "encoding": "encoding",
     *       "separator": "separator",
     *       "columns": [
     *         {
     *           "name": "Extension",
     *           "field": "field",
     *           "samples": [
     *             "sample"
     *           ]
     *         }
     *       ],
     *       "fields": [
     *         "field"
     *       ]
     *     }
     */
    FileColumnsView: {
      /** @enum {string} */
      format: "csv" | "json";
      encoding: string;
      separator: string | null;
      /** @description none of JSON: it has our names */
      columns: components["schemas"]["ColumnView"][];
      /** @description what a column can be */
      fields: string[];
    };
    /**
     * FileQuery
     * @description How the asker's spreadsheet wants it.
     */
    FileQuery: {
      /**
       * @default comma
       * @enum {string}
       */
      separator?: "comma" | "semicolon";
      /**
       * @description for example Europe/Berlin
       * @default UTC
       */
      time_zone?: string;
    };
    /**
     * FirstSteps
     * @description Of a new tenant, in their order; each stays done.
     */
    FirstSteps: {
      site: boolean;
      /** @description a key for a site's connector */
      key: boolean;
      /** @description one has connected */
      connector: boolean;
      /** @description somebody has a number */
      people: boolean;
      /** @description one has passed */
      test_call: boolean;
    };
    /**
     * ForwardingChange
     * @description On, with a number or the own mailbox; or off.
     * @example {
     *       "active": true
     *     }
     */
    ForwardingChange: {
      active: boolean;
      /** @default null */
      to?: string | null;
      /** @default false */
      voicemail?: boolean;
    };
    /**
     * ForwardingChanged
     * @description The PBX says so, whoever changed it.
     */
    ForwardingChanged: {
      entries: components["schemas"]["ForwardingEntry"][];
    };
    /**
     * ForwardingEntry
     * @description One kind of forwarding as the PBX reports it; one that is off may keep its target.
     */
    ForwardingEntry: {
      /** @enum {string} */
      kind: "immediate" | "busy" | "no_answer";
      active: boolean;
      to: components["schemas"]["NumberView"] | null;
      /** @description the target is your own mailbox */
      voicemail: boolean;
    };
    /**
     * ForwardingView
     * @example {
     *       "available": true,
     *       "why_not": "no_line",
     *       "kinds": [
     *         "immediate"
     *       ],
     *       "mailbox": true,
     *       "entries": [
     *         {
     *           "kind": "immediate",
     *           "active": true,
     *           "to": {
     *             "dialled": "089 123456",
     *             "canonical": "+4989123456",
     *             "display": "+49 89 123456"
     *           },
     *           "voicemail": true
     *         }
     *       ]
     *     }
     */
    ForwardingView: {
      available: boolean;
      why_not: ("no_line" | "not_offered" | "pbx_unreachable" | "pbx_refused") | null;
      /** @description what this PBX can be asked for */
      kinds: ("immediate" | "busy" | "no_answer")[];
      /** @description there is one to forward to */
      mailbox: boolean;
      entries: components["schemas"]["ForwardingEntry"][];
    };
    /**
     * FoundContact
     * @description Read-only: it is changed where it is kept.
     */
    FoundContact: {
      /** @enum {string} */
      source: "ldap" | "microsoft";
      /** @description the reader's own; else the company's */
      private: boolean;
      name: string;
      company: string;
      email: string;
      numbers: components["schemas"]["SourceNumberView"][];
    };
    /**
     * FoundContacts
     * @example {
     *       "items": [
     *         {
     *           "source": "ldap",
     *           "private": true,
     *           "name": "Anna König",
     *           "company": "Example GmbH",
     *           "email": "anna@example.com",
     *           "numbers": [
     *             {
     *               "kind": "work",
     *               "number": {
     *                 "dialled": "089 123456",
     *                 "canonical": "+4989123456",
     *                 "display": "+49 89 123456"
     *               }
     *             }
     *           ]
     *         }
     *       ],
     *       "sources": [
     *         {
     *           "source": "ldap",
     *           "state": "working"
     *         }
     *       ],
     *       "next_cursor": null
     *     }
     */
    FoundContacts: {
      items: components["schemas"]["FoundContact"][];
      sources: components["schemas"]["AskedSource"][];
      /** @default null */
      next_cursor: null;
    };
    /** HintView */
    HintView: {
      number: string;
      name: string;
      /** @description English, for kinds that a client does not know */
      about: string;
      /** @description what is there: echo, tone, voicemail ... */
      kind: string;
    };
    /**
     * Hold
     * @description Who holds the Call; meaningful in ``connected`` only.
     * @enum {string}
     */
    Hold: "none" | "local" | "remote" | "both";
    /**
     * HuntGroupChange
     * @example {
     *       "logged_in": true
     *     }
     */
    HuntGroupChange: {
      logged_in: boolean;
    };
    /** HuntGroupView */
    HuntGroupView: {
      number: string;
      name: string | null;
      logged_in: boolean;
    };
    /** HuntGroupsChanged */
    HuntGroupsChanged: {
      groups: components["schemas"]["HuntGroupView"][];
    };
    /**
     * HuntGroupsView
     * @description What the PBX told last; ``available`` false: it cannot be asked.
     * @example {
     *       "available": true,
     *       "why_not": "no_line",
     *       "groups": [
     *         {
     *           "number": "350",
     *           "name": "Anna König",
     *           "logged_in": true
     *         }
     *       ]
     *     }
     */
    HuntGroupsView: {
      available: boolean;
      why_not: ("no_line" | "not_offered" | "pbx_unreachable") | null;
      groups: components["schemas"]["HuntGroupView"][];
    };
    /** ImportEvent */
    ImportEvent: {
      import_id: string;
    };
    /** ImportFaultView */
    ImportFaultView: {
      /** @description as a spreadsheet counts; of the card in a vCard file */
      row: number;
      column: string;
      code: string;
      reason: string;
    };
    /**
     * ImportList
     * @example {
     *       "items": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "filename": "people.csv",
     *           "format": "csv",
     *           "reading": {
     *             "encoding": "encoding",
     *             "separator": "separator",
     *             "columns": {
     *               "name": "Anna König"
     *             },
     *             "ignored": [
     *               "ignored"
     *             ]
     *           },
     *           "state": "planning",
     *           "failure": "failure",
     *           "total": 1,
     *           "done": 1,
     *           "counts": {
     *             "create": 1,
     *             "update": 1,
     *             "unchanged": 1,
     *             "error": 1,
     *             "warning": 1,
     *             "applied": 1,
     *             "failed": 1,
     *             "undone": 1,
     *             "kept": 1
     *           },
     *           "created_by": "Ada Lang",
     *           "created_at": "2026-01-02T10:00:00Z",
     *           "applied_at": "2026-01-02T10:00:00Z",
     *           "undone_at": "2026-01-02T10:00:00Z"
     *         }
     *       ],
     *       "next_cursor": "eyJhZnRlciI6IjQyIn0"
     *     }
     */
    ImportList: {
      items: components["schemas"]["ImportView"][];
      next_cursor: string | null;
    };
    /**
     * ImportView
     * @example {
     *       "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "filename": "people.csv",
     *       "format": "csv",
     *       "reading": {
     *         "encoding": "encoding",
     *         "separator": "separator",
     *         "columns": {
     *           "name": "Anna König"
     *         },
     *         "ignored": [
     *           "ignored"
     *         ]
     *       },
     *       "state": "planning",
     *       "failure": "failure",
     *       "total": 1,
     *       "done": 1,
     *       "counts": {
     *         "create": 1,
     *         "update": 1,
     *         "unchanged": 1,
     *         "error": 1,
     *         "warning": 1,
     *         "applied": 1,
     *         "failed": 1,
     *         "undone": 1,
     *         "kept": 1
     *       },
     *       "created_by": "Ada Lang",
     *       "created_at": "2026-01-02T10:00:00Z",
     *       "applied_at": "2026-01-02T10:00:00Z",
     *       "undone_at": "2026-01-02T10:00:00Z"
     *     }
     */
    ImportView: {
      id: string;
      filename: string;
      /** @enum {string} */
      format: "csv" | "json";
      reading: components["schemas"]["ReadingView"];
      /** @enum {string} */
      state: "planning" | "planned" | "applying" | "applied" | "undoing" | "undone" | "failed";
      /** @description why it is failed, or empty */
      failure: string;
      total: number;
      /** @description of total, in the step that goes on */
      done: number;
      counts: components["schemas"]["CountsView"];
      created_by: string;
      /** Format: date-time */
      created_at: string;
      applied_at: string | null;
      undone_at: string | null;
    };
    /**
     * Installation
     * @example {
     *       "command": "curl -fsS https://example.com/install | sh",
     *       "file_name": "Anna König",
     *       "config": "config"
     *     }
     */
    Installation: {
      /** @description one line for the shell of the connector's machine */
      command: string;
      file_name: string;
      /** @description the configuration file, without the key */
      config: string;
    };
    /**
     * InvitationToken
     * @example {
     *       "token": "01948a5d-ac96-774b-bcce-b302099a8057.seven-green-umbrellas"
     *     }
     */
    InvitationToken: {
      token: string;
    };
    /**
     * InvitationView
     * @example {
     *       "email": "anna@example.com",
     *       "name": "Anna König",
     *       "tenant": {
     *         "name": "Example GmbH"
     *       },
     *       "terms": {
     *         "version": "2026-01",
     *         "url": "https://example.com/hook",
     *         "required": true
     *       },
     *       "second_factor": "off",
     *       "password_min_length": 12,
     *       "expires_at": "2026-01-02T10:00:00Z"
     *     }
     */
    InvitationView: {
      email: string;
      name: string;
      tenant: components["schemas"]["InvitingTenant"];
      terms: components["schemas"]["TermsView"];
      /** @enum {string} */
      second_factor: "off" | "optional" | "required";
      password_min_length: number;
      /** Format: date-time */
      expires_at: string;
    };
    /**
     * InviteMany
     * @description Those of ``ids``, or all.
     * @example {
     *       "all_new": true
     *     }
     */
    InviteMany: {
      ids?: string[];
      /**
       * @description everybody who has no invitation yet
       * @default false
       * @example true
       */
      all_new?: boolean;
    };
    /**
     * Invited
     * @example {
     *       "tenant": {
     *         "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "name": "Example GmbH",
     *         "kind": "customer",
     *         "status": "invited",
     *         "language": "en",
     *         "created_at": "2026-01-02T10:00:00Z",
     *         "users": 1,
     *         "licences": 1,
     *         "quotas": {
     *           "name": 1
     *         },
     *         "terms_version": "terms_version",
     *         "terms_accepted_at": "2026-01-02T10:00:00Z",
     *         "suspended_at": "2026-01-02T10:00:00Z",
     *         "suspended_why": "left the company",
     *         "delete_after": "2026-01-02T10:00:00Z",
     *         "version": 1
     *       },
     *       "mail": "queued"
     *     }
     */
    Invited: {
      tenant: components["schemas"]["PlatformTenant"];
      /** @enum {string} */
      mail: "queued" | "not_configured";
    };
    /** InvitingTenant */
    InvitingTenant: {
      name: string;
    };
    /**
     * InvitingView
     * @description How far the invitations are that were asked for last.
     * @example {
     *       "state": "none",
     *       "total": 1,
     *       "sent": 1,
     *       "left_out": 1,
     *       "letters_waiting": 1,
     *       "started_at": "2026-01-02T10:00:00Z",
     *       "started_by": "Ada Lang",
     *       "ended_at": "2026-01-02T10:00:00Z",
     *       "mail": "queued"
     *     }
     */
    InvitingView: {
      /** @enum {string} */
      state: "none" | "running" | "done" | "stopped" | "failed";
      /** @default 0 */
      total: number;
      /**
       * @description written; they leave one after the other
       * @default 0
       */
      sent: number;
      /**
       * @description active, disabled or signing in elsewhere
       * @default 0
       */
      left_out: number;
      /** @description of all letters: not taken by the mail server yet */
      letters_waiting: number;
      /** @default null */
      started_at: string | null;
      /** @default  */
      started_by: string;
      /** @default null */
      ended_at: string | null;
      /** @enum {string} */
      mail: "queued" | "not_configured";
    };
    /** JournalEvent */
    JournalEvent: {
      entry: components["schemas"]["EntryView"];
      unread: number;
    };
    /**
     * JournalPage
     * @example {
     *       "items": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "call_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "direction": "in",
     *           "kind": "answered",
     *           "reason": "hung_up",
     *           "name": "Anna König",
     *           "number": {
     *             "dialled": "089 123456",
     *             "canonical": "+4989123456",
     *             "display": "+49 89 123456"
     *           },
     *           "started_at": "2026-01-02T10:00:00Z",
     *           "answered_at": "2026-01-02T10:00:00Z",
     *           "ended_at": "2026-01-02T10:00:00Z",
     *           "duration_ms": 1,
     *           "device_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "unread": true,
     *           "diverted_by": "Ada Lang",
     *           "original_called": "original_called",
     *           "answered_on": "app",
     *           "answered_by": "Ada Lang",
     *           "forwarded_to": "+4989123456"
     *         }
     *       ],
     *       "next_cursor": "eyJhZnRlciI6IjQyIn0",
     *       "unread": 1
     *     }
     */
    JournalPage: {
      items: components["schemas"]["EntryView"][];
      next_cursor: string | null;
      unread: number;
    };
    /** JournalQuery */
    JournalQuery: {
      /**
       * @default all
       * @enum {string}
       */
      show?: "all" | "missed" | "incoming" | "outgoing";
      /**
       * @description beginnings of words, or digits
       * @default
       */
      q?: string;
      /** @default null */
      cursor?: string | null;
      /** @default 50 */
      limit?: number;
    };
    /** JournalRemoved */
    JournalRemoved: {
      /** @description null: all entries are gone */
      id: string | null;
      unread: number;
    };
    /** Kept */
    Kept: {
      /** @description device, session, journal_entry, contact ... */
      kind: string;
      count: number;
    };
    /** KeyAuthor */
    KeyAuthor: {
      id: string;
      name: string;
    };
    /** KeyEvent */
    KeyEvent: {
      key_id: string;
    };
    /**
     * KeyList
     * @example {
     *       "items": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "prefix": "prefix",
     *           "name": "Order desk",
     *           "kind": "connector",
     *           "scopes": [
     *             "people.read"
     *           ],
     *           "site": {
     *             "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *             "name": "Munich"
     *           },
     *           "created_at": "2026-01-02T10:00:00Z",
     *           "created_by": {
     *             "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *             "name": "Order desk"
     *           },
     *           "last_used": "2026-01-02T10:00:00Z",
     *           "expires_at": "2026-01-02T10:00:00Z",
     *           "revoked_at": "2026-01-02T10:00:00Z",
     *           "replaced_by": "Ada Lang",
     *           "state": "active"
     *         }
     *       ],
     *       "next_cursor": "eyJhZnRlciI6IjQyIn0",
     *       "scopes": [
     *         "people.read"
     *       ]
     *     }
     */
    KeyList: {
      items: components["schemas"]["KeyView"][];
      next_cursor: string | null;
      /** @description those that an admin key may be given */
      scopes: string[];
    };
    /** KeySite */
    KeySite: {
      id: string;
      name: string;
    };
    /** KeyView */
    KeyView: {
      id: string;
      /** @description how the key begins: enough to tell it from others */
      prefix: string;
      name: string;
      /** @enum {string} */
      kind: "connector" | "admin";
      scopes: string[];
      site: components["schemas"]["KeySite"] | null;
      /** Format: date-time */
      created_at: string;
      /** @description null: the platform itself */
      created_by: components["schemas"]["KeyAuthor"] | null;
      last_used: string | null;
      expires_at: string | null;
      revoked_at: string | null;
      /** @description id of the key that was made instead */
      replaced_by: string | null;
      /**
       * @description expiring: it works, but not for long any more
       * @enum {string}
       */
      state: "active" | "expiring" | "expired" | "revoked";
    };
    /** KeysQuery */
    KeysQuery: {
      /** @default null */
      cursor?: string | null;
    };
    /** LampChanged */
    LampChanged: {
      user_id: string;
      waiting: boolean;
      /** @description messages; null: the telephone system gives no number */
      new: number | null;
      old: number | null;
    };
    /** LampOfUser */
    LampOfUser: {
      /** @description RFC 3339 */
      at: string;
      user_id: string;
      /** @description null: nobody knows */
      mwi: components["schemas"]["MailboxView"] | null;
    };
    /**
     * LdapIn
     * @example {
     *       "host": "ldap.example.com"
     *     }
     */
    LdapIn: {
      host: string;
      /** @default 389 */
      port?: number;
      /**
       * @default starttls
       * @enum {string}
       */
      security?: "starttls" | "ldaps";
      /** @default  */
      ca_pem?: string;
      /** @default  */
      bind_dn?: string;
      /**
       * @description null: keep, for the same host, port and ca_pem alone; empty: there is none
       * @default null
       */
      bind_password?: string | null;
      /** @default  */
      base_dn?: string;
      /**
       * @description which entries are contacts
       * @default (objectClass=person)
       */
      filter?: string;
      /** @default cn */
      name_attribute?: string;
      /** @default o */
      company_attribute?: string;
      /** @default mail */
      email_attribute?: string;
      work_attributes?: string[];
      mobile_attributes?: string[];
      home_attributes?: string[];
      /** @default false */
      active?: boolean;
    };
    /**
     * LdapTest
     * @example {
     *       "q": "anna"
     *     }
     */
    LdapTest: {
      /** @description what a user would type */
      q: string;
    };
    /**
     * LdapView
     * @example {
     *       "host": "ldap.example.com",
     *       "port": 1,
     *       "security": "starttls",
     *       "ca_pem": "ca_pem",
     *       "bind_dn": "bind_dn",
     *       "has_bind_password": true,
     *       "base_dn": "base_dn",
     *       "filter": "filter",
     *       "name_attribute": "name_attribute",
     *       "company_attribute": "company_attribute",
     *       "email_attribute": "email_attribute",
     *       "work_attributes": [
     *         "work_attribute"
     *       ],
     *       "mobile_attributes": [
     *         "mobile_attribute"
     *       ],
     *       "home_attributes": [
     *         "home_attribute"
     *       ],
     *       "active": true,
     *       "version": 1,
     *       "last_error": "the other side answered 503",
     *       "last_error_at": "2026-01-02T10:00:00Z"
     *     }
     */
    LdapView: {
      host: string;
      port: number;
      /** @enum {string} */
      security: "starttls" | "ldaps";
      ca_pem: string;
      bind_dn: string;
      has_bind_password: boolean;
      base_dn: string;
      filter: string;
      name_attribute: string;
      company_attribute: string;
      email_attribute: string;
      work_attributes: string[];
      mobile_attributes: string[];
      home_attributes: string[];
      active: boolean;
      /** @description 0: never set up */
      version: number;
      /** @description a code; empty: the last question was answered */
      last_error: string;
      last_error_at: string | null;
    };
    /**
     * Leave
     * @description How somebody leaves. The number goes first, then the person is disabled or erased.
     * @example {
     *       "then": "disable"
     *     }
     */
    Leave: {
      /** @enum {string} */
      then: "disable" | "erase";
      /** @default null */
      number_to?: string | null;
      /** @default  */
      why?: string;
    };
    /** LeaverForwardingView */
    LeaverForwardingView: {
      kind: string;
      to: string | null;
    };
    /** LeaverKeyView */
    LeaverKeyView: {
      key_id: string;
      name: string;
    };
    /**
     * LeaverView
     * @description What is there of somebody who leaves.
     * @example {
     *       "person": {
     *         "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "email": "anna@example.com",
     *         "name": "Anna König",
     *         "role": "user",
     *         "department": "Sales",
     *         "language": "en",
     *         "state": "new",
     *         "source": "source",
     *         "external_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "disabled_at": "2026-01-02T10:00:00Z",
     *         "disabled_why": "left the company",
     *         "created_at": "2026-01-02T10:00:00Z",
     *         "last_sign_in": "2026-01-02T10:00:00Z",
     *         "invitation": {
     *           "sent_at": "2026-01-02T10:00:00Z",
     *           "expires_at": "2026-01-02T10:00:00Z",
     *           "expired": true
     *         },
     *         "second_factors": [
     *           "totp"
     *         ],
     *         "line": {
     *           "site_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "site_name": "Munich",
     *           "number": "101",
     *           "desk_number": "5101",
     *           "device_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "mailbox_number": "199",
     *           "auth_user": "5101",
     *           "has_password": true
     *         },
     *         "version": 1
     *       },
     *       "kept": [
     *         {
     *           "kind": "kind",
     *           "count": 1
     *         }
     *       ],
     *       "forwardings": [
     *         {
     *           "kind": "kind",
     *           "to": "+4989123456"
     *         }
     *       ],
     *       "keys": [
     *         {
     *           "key_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "name": "Order desk"
     *         }
     *       ],
     *       "last_admin": true
     *     }
     */
    LeaverView: {
      person: components["schemas"]["AdminPersonView"];
      /** @description erased with the person */
      kept: components["schemas"]["Kept"][];
      /** @description null: the PBX does not say */
      forwardings: components["schemas"]["LeaverForwardingView"][] | null;
      /** @description API keys this person made; they go on working */
      keys: components["schemas"]["LeaverKeyView"][];
      last_admin: boolean;
    };
    /** Licences */
    Licences: {
      used: number;
      /** @description null: as many as wanted */
      available: number | null;
    };
    /** LineShape */
    LineShape: {
      site_id: string;
      number: string;
      /** @default  */
      desk_number?: string;
      /**
       * @description default: the number
       * @default
       */
      device_id?: string;
      /** @default null */
      mailbox_number?: string | null;
      /**
       * @description default: the device
       * @default
       */
      auth_user?: string;
      /**
       * @description null: the stored one is kept
       * @default null
       */
      auth_password?: string | null;
    };
    /** LineView */
    LineView: {
      line_id: string;
      number: string;
      desk_number: string;
      mailbox_number: string | null;
    };
    /**
     * LinkConfig
     * @example {
     *       "site": {
     *         "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "country": "de",
     *         "area_code": "89",
     *         "exit_code": "0",
     *         "trunk_number": "101",
     *         "extension_digits": 1,
     *         "codecs": [
     *           "codec"
     *         ]
     *       },
     *       "service_domain": "example.com",
     *       "edges": [
     *         {
     *           "host": "ldap.example.com",
     *           "port": 1
     *         }
     *       ],
     *       "config_version": 1,
     *       "lines": [
     *         {
     *           "line_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "device_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "number": "101",
     *           "desk_number": "5101",
     *           "mailbox_number": "199",
     *           "auth_user": "5101",
     *           "auth_password": "seven green umbrellas"
     *         }
     *       ],
     *       "turn": {
     *         "urls": [
     *           "https://example.com/hook"
     *         ],
     *         "username": "username",
     *         "credential": "credential",
     *         "ttl": 1
     *       }
     *     }
     */
    LinkConfig: {
      site: components["schemas"]["LinkSite"];
      service_domain: string;
      edges: components["schemas"]["LinkEdge"][];
      config_version: number;
      lines: components["schemas"]["LinkLine"][];
      turn: components["schemas"]["LinkTurn"];
    };
    /** LinkEdge */
    LinkEdge: {
      host: string;
      port: number;
    };
    /** LinkLine */
    LinkLine: {
      line_id: string;
      device_id: string;
      number: string;
      desk_number: string;
      mailbox_number: string | null;
      auth_user: string;
      auth_password: string;
    };
    /**
     * LinkSession
     * @example {
     *       "site": {
     *         "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "country": "de",
     *         "area_code": "89",
     *         "exit_code": "0",
     *         "trunk_number": "101",
     *         "extension_digits": 1,
     *         "codecs": [
     *           "codec"
     *         ]
     *       },
     *       "service_domain": "example.com",
     *       "edges": [
     *         {
     *           "host": "ldap.example.com",
     *           "port": 1
     *         }
     *       ],
     *       "config_version": 1,
     *       "lines": [
     *         {
     *           "line_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "device_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "number": "101",
     *           "desk_number": "5101",
     *           "mailbox_number": "199",
     *           "auth_user": "5101",
     *           "auth_password": "seven green umbrellas"
     *         }
     *       ],
     *       "turn": {
     *         "urls": [
     *           "https://example.com/hook"
     *         ],
     *         "username": "username",
     *         "credential": "credential",
     *         "ttl": 1
     *       },
     *       "token": "01948a5d-ac96-774b-bcce-b302099a8057.seven-green-umbrellas",
     *       "expires_in": 1
     *     }
     */
    LinkSession: {
      site: components["schemas"]["LinkSite"];
      service_domain: string;
      edges: components["schemas"]["LinkEdge"][];
      config_version: number;
      lines: components["schemas"]["LinkLine"][];
      turn: components["schemas"]["LinkTurn"];
      /** @description Bearer token for REGISTER (RFC 8898) */
      token: string;
      /** @description seconds */
      expires_in: number;
    };
    /**
     * LinkSessionRequest
     * @example {
     *       "instance": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "version": "version",
     *       "profile": "business"
     *     }
     */
    LinkSessionRequest: {
      /**
       * Format: uuid
       * @description of the installation; also its +sip.instance
       */
      instance: string;
      version: string;
      /** @enum {string} */
      profile: "business" | "voice" | "os4000";
    };
    /** LinkSite */
    LinkSite: {
      id: string;
      country: string;
      area_code: string;
      exit_code: string;
      /** @description the site's number without country code and extension; empty: not known */
      trunk_number: string;
      extension_digits: number;
      codecs: string[];
    };
    /** LinkTurn */
    LinkTurn: {
      urls: string[];
      username: string;
      credential: string;
      ttl: number;
    };
    /** ListQuery */
    ListQuery: {
      /**
       * @description part of the name
       * @default
       */
      q?: string;
      /** @default null */
      status?: ("invited" | "active" | "suspended" | "deleting") | null;
      /** @default  */
      cursor?: string;
      /** @default 50 */
      limit?: number;
    };
    /**
     * LoginRequest
     * @example {
     *       "email": "anna@example.com",
     *       "password": "seven green umbrellas"
     *     }
     */
    LoginRequest: {
      email: string;
      password: string;
      /**
       * @default {
       *       "id": null,
       *       "kind": "web",
       *       "name": ""
       *     }
       */
      device?: components["schemas"]["DeviceInfo"];
    };
    /**
     * LogoutRequest
     * @example {
     *       "refresh_token": "01948a5d-ac96-774b-bcce-b302099a8057.seven-green-umbrellas"
     *     }
     */
    LogoutRequest: {
      /** @default null */
      refresh_token?: string | null;
    };
    /**
     * MadeKey
     * @example {
     *       "key": {
     *         "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "prefix": "prefix",
     *         "name": "Order desk",
     *         "kind": "connector",
     *         "scopes": [
     *           "people.read"
     *         ],
     *         "site": {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "name": "Munich"
     *         },
     *         "created_at": "2026-01-02T10:00:00Z",
     *         "created_by": {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "name": "Order desk"
     *         },
     *         "last_used": "2026-01-02T10:00:00Z",
     *         "expires_at": "2026-01-02T10:00:00Z",
     *         "revoked_at": "2026-01-02T10:00:00Z",
     *         "replaced_by": "Ada Lang",
     *         "state": "active"
     *       },
     *       "text": "On Friday from 22:00."
     *     }
     */
    MadeKey: {
      key: components["schemas"]["KeyView"];
      /** @description the key itself; it is never shown again */
      text: string;
    };
    /**
     * MadeWebhook
     * @example {
     *       "webhook": {
     *         "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "url": "https://example.com/hook",
     *         "description": "to the order desk",
     *         "events": [
     *           "call.ended"
     *         ],
     *         "state": "active",
     *         "failing_since": "2026-01-02T10:00:00Z",
     *         "delivered_at": "2026-01-02T10:00:00Z",
     *         "failed_at": "2026-01-02T10:00:00Z",
     *         "error": "the other side answered 503",
     *         "waiting": 1,
     *         "dead": 1,
     *         "old_secret_until": "2026-01-02T10:00:00Z",
     *         "created_at": "2026-01-02T10:00:00Z",
     *         "created_by": "Ada Lang",
     *         "version": 1
     *       },
     *       "secret": "secret"
     *     }
     */
    MadeWebhook: {
      webhook: components["schemas"]["WebhookView"];
      /** @description for checking signatures; it is never shown again */
      secret: string;
    };
    /**
     * MailboxView
     * @description Voice messages that wait, as the PBX says. Not every PBX counts.
     */
    MailboxView: {
      waiting: boolean;
      /** @description null: the PBX gives no number */
      new: number | null;
      /** @description null: the PBX gives no number */
      old: number | null;
    };
    /**
     * Marked
     * @description It is erased then, unless the operator takes it back.
     * @example {
     *       "delete_after": "2026-01-02T10:00:00Z"
     *     }
     */
    Marked: {
      /** Format: date-time */
      delete_after: string;
    };
    /**
     * MeView
     * @example {
     *       "user": {
     *         "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "name": "Anna König",
     *         "email": "anna@example.com",
     *         "role": "user",
     *         "permissions": [
     *           "Contacts.Read"
     *         ]
     *       },
     *       "tenant": {
     *         "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "name": "Example GmbH",
     *         "support_email": "help@example.com"
     *       },
     *       "line": {
     *         "line_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "number": "101",
     *         "desk_number": "5101",
     *         "mailbox_number": "199"
     *       },
     *       "site": {
     *         "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "name": "Munich",
     *         "profile": "profile",
     *         "country": "de",
     *         "area_code": "89",
     *         "extension_digits": 1
     *       },
     *       "device_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "session_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "settings": {
     *         "settings": {
     *           "theme": "system",
     *           "language": "en",
     *           "ring_volume": 80,
     *           "notifications": true
     *         },
     *         "version": 1
     *       },
     *       "demo": {
     *         "hints": [
     *           {
     *             "number": "101",
     *             "name": "Anna König",
     *             "about": "about",
     *             "kind": "kind"
     *           }
     *         ]
     *       }
     *     }
     */
    MeView: {
      user: components["schemas"]["UserView"];
      tenant: components["schemas"]["TenantView"];
      line: components["schemas"]["LineView"] | null;
      site: components["schemas"]["SiteView"] | null;
      device_id: string;
      session_id: string;
      settings: components["schemas"]["SettingsView"];
      /**
       * @description numbers to try, in the demo only
       * @default null
       */
      demo: components["schemas"]["DemoView"] | null;
    };
    /** Measured */
    Measured: {
      /** @enum {string} */
      code: "round_trip_ms" | "tls_version" | "certificate_days" | "key" | "connections" | "lines";
      value: number | string;
      /** @description of how many, if it is a count */
      of: number | null;
    };
    /**
     * Media
     * @description One device leg. ``attached``: its secure path is up; whether it is in use, the Call knows.
     * @enum {string}
     */
    Media: "none" | "attaching" | "attached" | "lost";
    /** MediaAnswer */
    MediaAnswer: {
      call_id: string;
      sdp: string;
      generation: number;
    };
    /** MediaRenegotiate */
    MediaRenegotiate: {
      call_id: string;
      /** @description on a new connection */
      fresh: boolean;
    };
    /** MethodsQuery */
    MethodsQuery: {
      /** @default  */
      email?: string;
    };
    /**
     * MethodsReply
     * @description How people of an address' domain sign in. Tells nothing of the address itself.
     * @example {
     *       "password": true,
     *       "sso": {
     *         "name": "Anna König",
     *         "start_url": "https://example.com/hook"
     *       }
     *     }
     */
    MethodsReply: {
      /** @description a password box makes sense too */
      password: boolean;
      sso: components["schemas"]["SsoOffer"] | null;
    };
    /**
     * MicrosoftAnswer
     * @description What Microsoft sends the browser back with; it adds what it likes.
     */
    MicrosoftAnswer: {
      /** @default  */
      state?: string;
      /** @default  */
      code?: string;
      /** @default  */
      error?: string;
      /** @default  */
      error_description?: string;
    };
    /**
     * MicrosoftIn
     * @example {
     *       "directory_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "client_id": "01948a5d-ac96-774b-bcce-b302099a8057"
     *     }
     */
    MicrosoftIn: {
      /** @description the id or a domain of the directory (tenant) */
      directory_id: string;
      client_id: string;
      /**
       * @description null: keep, for the same directory and client alone
       * @default null
       */
      client_secret?: string | null;
      /** @default null */
      secret_expires_at?: string | null;
      /** @default true */
      private_contacts?: boolean;
      /** @default true */
      global_contacts?: boolean;
      /** @default false */
      active?: boolean;
    };
    /**
     * MicrosoftView
     * @example {
     *       "directory_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "client_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "has_client_secret": true,
     *       "secret_expires_at": "2026-01-02T10:00:00Z",
     *       "private_contacts": true,
     *       "global_contacts": true,
     *       "active": true,
     *       "version": 1,
     *       "redirect_uri": "redirect_uri",
     *       "permissions": [
     *         "Contacts.Read"
     *       ],
     *       "connected_users": 1,
     *       "last_error": "the other side answered 503",
     *       "last_error_at": "2026-01-02T10:00:00Z"
     *     }
     */
    MicrosoftView: {
      directory_id: string;
      client_id: string;
      has_client_secret: boolean;
      secret_expires_at: string | null;
      private_contacts: boolean;
      global_contacts: boolean;
      active: boolean;
      /** @description 0: never set up */
      version: number;
      /** @description to enter at Microsoft */
      redirect_uri: string;
      /** @description delegated ones, to grant at Microsoft */
      permissions: string[];
      connected_users: number;
      last_error: string;
      last_error_at: string | null;
    };
    /** MonthView */
    MonthView: {
      month: string;
      /** @description the most that were enabled at one time */
      peak_users: number;
      /** @description on the last day of the month that was counted; null: no limit, or no day was counted */
      licences: number | null;
      calls: number;
      answered: number;
      /** @description whole ones; the sum of all seconds is rounded up */
      minutes: number;
    };
    /**
     * Moving
     * @description A Call is on its way. ``by``: the device that asked.
     */
    Moving: {
      to: string;
      by: string;
    };
    /** MwiChanged */
    MwiChanged: {
      /** @description null: nobody knows */
      mwi: components["schemas"]["MailboxView"] | null;
    };
    /**
     * NewAddress
     * @example {
     *       "email": "anna@example.com"
     *     }
     */
    NewAddress: {
      email: string;
    };
    /**
     * NewKey
     * @description A connector's key belongs to one site and can do nothing else; an admin key has scopes.
     * @example {
     *       "name": "Order desk",
     *       "kind": "admin",
     *       "scopes": [
     *         "people.read",
     *         "people.write"
     *       ]
     *     }
     */
    NewKey: {
      /** @description for people */
      name: string;
      /**
       * @example admin
       * @enum {string}
       */
      kind: "connector" | "admin";
      /**
       * @description of a connector's key
       * @default null
       */
      site_id?: string | null;
      /**
       * @description of an admin key
       * @example [
       *       "people.read",
       *       "people.write"
       *     ]
       */
      scopes?: string[];
      /**
       * @description seconds; null: never
       * @default null
       */
      expires_in?: number | null;
    };
    /**
     * NewPasskeyRequest
     * @example {
     *       "name": "Laptop",
     *       "credential": {}
     *     }
     */
    NewPasskeyRequest: {
      name: string;
      /** @description PublicKeyCredential.toJSON() */
      credential: {
        [key: string]: unknown;
      };
    };
    /**
     * NewPerson
     * @example {
     *       "email": "anna@example.com",
     *       "name": "Anna König",
     *       "department": "Sales",
     *       "line": {
     *         "number": "101",
     *         "site_id": "01948a5d-ac96-774b-bcce-b302099a8057"
     *       }
     *     }
     */
    NewPerson: {
      email: string;
      name: string;
      /** @default user */
      role?: string;
      /**
       * @default
       * @example Sales
       */
      department?: string;
      /** @default  */
      language?: string;
      /** @default null */
      external_id?: string | null;
      /**
       * @default null
       * @example {
       *       "number": "101",
       *       "site_id": "01948a5d-ac96-774b-bcce-b302099a8057"
       *     }
       */
      line?: components["schemas"]["LineShape"] | null;
      /**
       * @description sends the invitation at once
       * @default false
       */
      invite?: boolean;
    };
    /**
     * NewTenant
     * @example {
     *       "name": "Example GmbH",
     *       "admin": {
     *         "email": "anna@example.com"
     *       }
     *     }
     */
    NewTenant: {
      name: string;
      /**
       * @default en
       * @enum {string}
       */
      language?: "en" | "de" | "fr" | "es" | "it" | "nl" | "ca";
      admin: components["schemas"]["AdminInvitation"];
      /** @default null */
      licences?: number | null;
    };
    /**
     * NewTestCall
     * @example {
     *       "from_line": "101",
     *       "to": "+4989123456"
     *     }
     */
    NewTestCall: {
      /** @description extension of one of the site's people */
      from_line: string;
      /** @description a number as somebody would dial it */
      to: string;
      /**
       * @description this number sends back what it hears; false: somebody answers, and presses a key when they hear the tone
       * @default true
       */
      echo?: boolean;
    };
    /**
     * NewWebhook
     * @example {
     *       "url": "https://example.com/hook",
     *       "events": [
     *         "call.ringing"
     *       ]
     *     }
     */
    NewWebhook: {
      /** @description https, and public */
      url: string;
      /**
       * @description for people
       * @default
       */
      description?: string;
      events: components["schemas"]["Event"][];
    };
    /**
     * NoBody
     * @description Nothing needs to be said.
     * @example {}
     */
    NoBody: Record<string, never>;
    /**
     * NotedEntry
     * @description An entry whose digest was noted elsewhere, at an earlier check for example.
     */
    NotedEntry: {
      number: number;
      digest: string;
    };
    /** Nothing */
    Nothing: Record<string, never>;
    /** Notice */
    Notice: {
      call_id: string;
      code: string;
      /** @description English, for codes that a client does not know */
      words: string;
      /**
       * @description why, in the words of a Call's reason, where that is known
       * @default null
       */
      reason: string | null;
    };
    /**
     * NumberView
     * @description The three forms of a number: as typed, canonical, for people.
     */
    NumberView: {
      dialled: string;
      canonical: string;
      display: string;
    };
    /** NumberWish */
    NumberWish: {
      /**
       * @default work
       * @enum {string}
       */
      kind?: "work" | "mobile" | "home" | "other";
      /** @description as people write it */
      number: string;
    };
    /** OffersChanged */
    OffersChanged: {
      offers: (
        | "park"
        | "unpark"
        | "pickup"
        | "hide_number"
        | "do_not_disturb"
        | "forwarding"
        | "hunt_groups"
        | "alternative_number"
        | "dial_desk_phone"
        | "dial_alternative"
      )[];
    };
    /**
     * OffersView
     * @description A client shows a control that belongs to no call only for what is listed.
     * @example {
     *       "offers": [
     *         "park"
     *       ]
     *     }
     */
    OffersView: {
      offers: (
        | "park"
        | "unpark"
        | "pickup"
        | "hide_number"
        | "do_not_disturb"
        | "forwarding"
        | "hunt_groups"
        | "alternative_number"
        | "dial_desk_phone"
        | "dial_alternative"
      )[];
    };
    /**
     * OperatorDiagnosticsPage
     * @example {
     *       "items": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "reference": "7KQ4-M2",
     *           "source": "source",
     *           "size": 1,
     *           "redacted": 1,
     *           "created_at": "2026-01-02T10:00:00Z",
     *           "kept_until": "2026-01-02T10:00:00Z"
     *         }
     *       ],
     *       "next_cursor": "eyJhZnRlciI6IjQyIn0"
     *     }
     */
    OperatorDiagnosticsPage: {
      items: components["schemas"]["OperatorDiagnosticsView"][];
      next_cursor: string | null;
    };
    /**
     * OperatorDiagnosticsView
     * @description As the operator of the platform sees it, who knows no tenant's people by name.
     */
    OperatorDiagnosticsView: {
      id: string;
      reference: string;
      source: string;
      /** @description bytes */
      size: number;
      redacted: number;
      /** Format: date-time */
      created_at: string;
      /** Format: date-time */
      kept_until: string;
    };
    /** OverviewCalls */
    OverviewCalls: {
      now: number;
      today: number;
      answered: number;
      missed: number;
      failed: number;
    };
    /** OverviewConnector */
    OverviewConnector: {
      site_id: string;
      site: string;
      state: string;
    };
    /** OverviewLicences */
    OverviewLicences: {
      used: number;
      available: number | null;
      total: number | null;
    };
    /** OverviewQuery */
    OverviewQuery: {
      /**
       * @description in which it is today
       * @default UTC
       */
      time_zone?: string;
    };
    /** OverviewUsers */
    OverviewUsers: {
      /** @description not disabled */
      total: number;
      /** @description active, with a number whose site's connector works */
      ready: number;
      active: number;
      invited: number;
      /** @description never invited */
      new: number;
      disabled: number;
      /** @description of those that are not disabled */
      without_number: number;
    };
    /**
     * OverviewView
     * @example {
     *       "verdict": "good",
     *       "tenant": {
     *         "name": "Example GmbH",
     *         "status": "status",
     *         "language": "en"
     *       },
     *       "users": {
     *         "total": 1,
     *         "ready": 1,
     *         "active": 1,
     *         "invited": 1,
     *         "new": 1,
     *         "disabled": 1,
     *         "without_number": 1
     *       },
     *       "calls": {
     *         "now": 1,
     *         "today": 1,
     *         "answered": 1,
     *         "missed": 1,
     *         "failed": 1
     *       },
     *       "connectors": [
     *         {
     *           "site_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "site": "Munich",
     *           "state": "state"
     *         }
     *       ],
     *       "licences": {
     *         "used": 1,
     *         "available": 1,
     *         "total": 1
     *       },
     *       "first_steps": {
     *         "site": true,
     *         "key": true,
     *         "connector": true,
     *         "people": true,
     *         "test_call": true
     *       },
     *       "todo": [
     *         {
     *           "code": "123456",
     *           "severity": "critical",
     *           "count": 1,
     *           "names": [
     *             "Anna König"
     *           ],
     *           "target": "people"
     *         }
     *       ]
     *     }
     */
    OverviewView: {
      /** @enum {string} */
      verdict: "good" | "setting_up" | "attention" | "down";
      tenant: components["schemas"]["TenantHead"];
      users: components["schemas"]["OverviewUsers"];
      calls: components["schemas"]["OverviewCalls"];
      connectors: components["schemas"]["OverviewConnector"][];
      licences: components["schemas"]["OverviewLicences"];
      first_steps: components["schemas"]["FirstSteps"];
      /** @description the most pressing first */
      todo: components["schemas"]["Todo"][];
    };
    /** OwnAudience */
    OwnAudience: {
      /** @enum {string} */
      who: "everyone" | "chosen" | "nobody";
      user_ids: string[];
    };
    /** OwnDoNotDisturb */
    OwnDoNotDisturb: {
      on: boolean;
      until: string | null;
      since: string | null;
      /**
       * @description where it was switched on
       * @enum {string}
       */
      by: "user" | "pbx";
      /** @description the PBX refuses the calls, not this gateway */
      at_pbx: boolean;
    };
    /** OwnNote */
    OwnNote: {
      text: string;
      until: string | null;
    };
    /**
     * OwnPresence
     * @example {
     *       "state": "available",
     *       "seen_as": "available",
     *       "status": {
     *         "value": "available",
     *         "until": "2026-01-02T10:00:00Z"
     *       },
     *       "do_not_disturb": {
     *         "on": true,
     *         "until": "2026-01-02T10:00:00Z",
     *         "since": "2026-01-02T10:00:00Z",
     *         "by": "user",
     *         "at_pbx": true
     *       },
     *       "note": {
     *         "text": "On Friday from 22:00.",
     *         "until": "2026-01-02T10:00:00Z"
     *       },
     *       "visible_to": {
     *         "who": "everyone",
     *         "user_ids": [
     *           "01948a5d-ac96-774b-bcce-b302099a8057"
     *         ]
     *       }
     *     }
     */
    OwnPresence: {
      /** @description your true state */
      state: components["schemas"]["Shown"];
      /** @description what those see who may */
      seen_as: components["schemas"]["Shown"];
      status: components["schemas"]["OwnStatus"];
      do_not_disturb: components["schemas"]["OwnDoNotDisturb"];
      note: components["schemas"]["OwnNote"];
      visible_to: components["schemas"]["OwnAudience"];
    };
    /** OwnStatus */
    OwnStatus: {
      value: components["schemas"]["Status"];
      until: string | null;
    };
    /**
     * OwnTenant
     * @description What the tenant's own administrators see and may change in part.
     * @example {
     *       "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "name": "Example GmbH",
     *       "status": "invited",
     *       "language": "en",
     *       "support_email": "help@example.com",
     *       "created_at": "2026-01-02T10:00:00Z",
     *       "terms_version": "terms_version",
     *       "terms_accepted_at": "2026-01-02T10:00:00Z",
     *       "licences_used": 1,
     *       "licences": 1,
     *       "delete_after": "2026-01-02T10:00:00Z",
     *       "version": 1
     *     }
     */
    OwnTenant: {
      id: string;
      name: string;
      /** @enum {string} */
      status: "invited" | "active" | "suspended" | "deleting";
      language: string;
      support_email: string;
      /** Format: date-time */
      created_at: string;
      terms_version: string;
      terms_accepted_at: string | null;
      licences_used: number;
      licences: number | null;
      delete_after: string | null;
      version: number;
    };
    /**
     * OwnTenantChange
     * @example {
     *       "name": "Example GmbH",
     *       "language": "en",
     *       "support_email": "help@example.com"
     *     }
     */
    OwnTenantChange: {
      name: string;
      /** @enum {string} */
      language: "en" | "de" | "fr" | "es" | "it" | "nl" | "ca";
      support_email: string;
    };
    /** PageCapacity */
    PageCapacity: {
      /** @description through this site now */
      calls: number;
      channels: number | null;
      lines: number;
      registered: number;
      ip_licences: number | null;
      /** @description channels_80, channels_full, ip_licences_80, ip_licences_exceeded */
      warnings: string[];
    };
    /** PageCertificate */
    PageCertificate: {
      /** @enum {string} */
      of: "edge" | "portal";
      /** Format: date-time */
      not_after: string;
      days_left: number;
      /** @enum {string} */
      state: "ok" | "soon" | "expired";
    };
    /** PageInstallation */
    PageInstallation: {
      instance: string;
      version: string;
      /** Format: date-time */
      last_seen: string;
      connected: boolean;
    };
    /** PageKey */
    PageKey: {
      id: string;
      name: string;
      expires_at: string | null;
      /** @description the link lives by it now */
      in_use: boolean;
    };
    /** PageLayer */
    PageLayer: {
      /** @enum {string} */
      layer: "network" | "tls" | "key" | "registration" | "voice" | "control" | "audio";
      /** @enum {string} */
      state: "working" | "weak" | "down" | "refused" | "unknown";
      since: string | null;
      /** @description when it was last seen to work */
      last_proof: string | null;
      /** @description as the part that saw it says, in English */
      detail: string;
      measured: components["schemas"]["Measured"][];
      advice: components["schemas"]["Advice"] | null;
    };
    /** PageLine */
    PageLine: {
      number: string;
      name: string;
      detail: string;
    };
    /** PageQuery */
    PageQuery: {
      /** @default  */
      cursor?: string;
      /** @default 50 */
      limit?: number;
    };
    /** PageRelease */
    PageRelease: {
      /** @description the release of Offhook */
      offhook: string;
      release: string;
      /** @enum {string} */
      state: "tested" | "expected" | "unsupported";
      note: string;
    };
    /** PageSite */
    PageSite: {
      id: string;
      name: string;
      profile: string;
      pbx_release: string;
    };
    /** PageTrouble */
    PageTrouble: {
      /** Format: date-time */
      at: string;
      layer: string;
      code: string;
      detail: string;
    };
    /** PageVersions */
    PageVersions: {
      gateway: string;
      /** @description empty: none has ever connected */
      connector: string;
      pbx_release: string;
      /** @enum {string} */
      compatibility: "tested" | "expected" | "unsupported" | "unknown";
      note: string;
      /** @description which releases of this telephone system go with which of Offhook, newest first */
      releases: components["schemas"]["PageRelease"][];
      /** @description the gateway is of a newer release */
      newer_connector: boolean;
    };
    /**
     * Participant
     * @description One of the others in a conference. ``id`` is good for this conference only.
     */
    Participant: {
      id: string;
      name: string | null;
      number: components["schemas"]["CallNumber"];
    };
    /**
     * PasskeyName
     * @example {
     *       "name": "Laptop"
     *     }
     */
    PasskeyName: {
      name: string;
    };
    /**
     * PasskeyOptions
     * @example {
     *       "options": {}
     *     }
     */
    PasskeyOptions: {
      /** @description for navigator.credentials, as JSON (WebAuthn) */
      options: {
        [key: string]: unknown;
      };
    };
    /**
     * PasskeySignIn
     * @example {
     *       "credential": {}
     *     }
     */
    PasskeySignIn: {
      /** @description PublicKeyCredential.toJSON() */
      credential: {
        [key: string]: unknown;
      };
      /**
       * @default {
       *       "id": null,
       *       "kind": "web",
       *       "name": ""
       *     }
       */
      device?: components["schemas"]["DeviceInfo"];
    };
    /**
     * PasskeyView
     * @example {
     *       "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "name": "Laptop",
     *       "created_at": "2026-01-02T10:00:00Z",
     *       "last_used": "2026-01-02T10:00:00Z",
     *       "synced": true
     *     }
     */
    PasskeyView: {
      id: string;
      name: string;
      /** Format: date-time */
      created_at: string;
      last_used: string | null;
      /** @description kept by its maker for all devices of the person */
      synced: boolean;
    };
    /**
     * PasskeysView
     * @example {
     *       "items": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "name": "Laptop",
     *           "created_at": "2026-01-02T10:00:00Z",
     *           "last_used": "2026-01-02T10:00:00Z",
     *           "synced": true
     *         }
     *       ],
     *       "next_cursor": "eyJhZnRlciI6IjQyIn0"
     *     }
     */
    PasskeysView: {
      items: components["schemas"]["PasskeyView"][];
      /** @default null */
      next_cursor: string | null;
    };
    /**
     * PasswordChange
     * @description ``old_password`` may be missing only where no password is set.
     * @example {
     *       "new_password": "seven green umbrellas"
     *     }
     */
    PasswordChange: {
      /** @default null */
      old_password?: string | null;
      new_password: string;
    };
    /** PasswordState */
    PasswordState: {
      set: boolean;
      changed_at: string | null;
      min_length: number;
    };
    /**
     * PeopleFileQuery
     * @description Those of the list, as a file.
     */
    PeopleFileQuery: {
      /**
       * @default comma
       * @enum {string}
       */
      separator?: "comma" | "semicolon";
      /**
       * @description for example Europe/Berlin
       * @default UTC
       */
      time_zone?: string;
      /**
       * @description words of the name, e-mail, number
       * @default
       */
      q?: string;
      /** @default null */
      state?: ("new" | "invited" | "active" | "disabled") | null;
      /** @default null */
      role?: string | null;
      /** @default null */
      site?: string | null;
    };
    /**
     * PeoplePage
     * @example {
     *       "items": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "email": "anna@example.com",
     *           "name": "Anna König",
     *           "role": "user",
     *           "department": "Sales",
     *           "language": "en",
     *           "state": "new",
     *           "source": "source",
     *           "external_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "disabled_at": "2026-01-02T10:00:00Z",
     *           "disabled_why": "left the company",
     *           "created_at": "2026-01-02T10:00:00Z",
     *           "last_sign_in": "2026-01-02T10:00:00Z",
     *           "invitation": {
     *             "sent_at": "2026-01-02T10:00:00Z",
     *             "expires_at": "2026-01-02T10:00:00Z",
     *             "expired": true
     *           },
     *           "second_factors": [
     *             "totp"
     *           ],
     *           "line": {
     *             "site_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *             "site_name": "Munich",
     *             "number": "101",
     *             "desk_number": "5101",
     *             "device_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *             "mailbox_number": "199",
     *             "auth_user": "5101",
     *             "has_password": true
     *           },
     *           "version": 1
     *         }
     *       ],
     *       "next_cursor": "eyJhZnRlciI6IjQyIn0",
     *       "total": 1,
     *       "licences": {
     *         "used": 1,
     *         "available": 1
     *       }
     *     }
     */
    PeoplePage: {
      items: components["schemas"]["AdminPersonView"][];
      next_cursor: string | null;
      /** @description of the filter; on the first page only */
      total: number | null;
      /** @description on the first page only */
      licences: components["schemas"]["Licences"] | null;
    };
    /**
     * PeoplePresence
     * @example {
     *       "items": [
     *         {
     *           "user_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "state": "available",
     *           "until": "2026-01-02T10:00:00Z",
     *           "note": "Back at three",
     *           "note_until": "2026-01-02T10:00:00Z"
     *         }
     *       ]
     *     }
     */
    PeoplePresence: {
      items: components["schemas"]["PersonPresence"][];
    };
    /** PeopleQuery */
    PeopleQuery: {
      /**
       * @description up to 100 user ids with commas between
       * @default
       */
      user_ids?: string;
    };
    /**
     * PeopleTemplateData
     * @description A template, whole: what is left out is left to whoever creates the person.
     * @example {
     *       "name": "Sales, Munich"
     *     }
     */
    PeopleTemplateData: {
      name: string;
      /**
       * @description counts for those who come by single sign-on, a directory or SCIM
       * @default false
       */
      default?: boolean;
      /**
       * @description never given to those who come by themselves
       * @default user
       * @enum {string}
       */
      role?: "user" | "help_desk" | "admin";
      /** @default  */
      department?: string;
      /**
       * @default
       * @enum {string}
       */
      language?: "" | "en" | "de" | "fr" | "es" | "it" | "nl" | "ca";
      /** @default null */
      site_id?: string | null;
      /**
       * @description of the extensions that are given in turn; empty: none are
       * @default
       */
      first_number?: string;
      /** @default  */
      last_number?: string;
      /**
       * @description {number} stands for the person's own: 6{number}
       * @default
       */
      desk_number?: string;
      /**
       * @description {number} stands for the person's own: 6{number}
       * @default
       */
      device_id?: string;
      /** @default  */
      mailbox_number?: string;
      /**
       * @description {number} stands for the person's own: 6{number}
       * @default
       */
      auth_user?: string;
    };
    /**
     * PeopleTemplateList
     * @example {
     *       "items": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "name": "Sales, Munich",
     *           "default": true,
     *           "role": "user",
     *           "department": "Sales",
     *           "language": "en",
     *           "site_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "site_name": "Munich",
     *           "first_number": "101",
     *           "last_number": "101",
     *           "next_number": "101",
     *           "desk_number": "5101",
     *           "device_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "mailbox_number": "199",
     *           "auth_user": "5101",
     *           "version": 1
     *         }
     *       ],
     *       "next_cursor": "eyJhZnRlciI6IjQyIn0"
     *     }
     */
    PeopleTemplateList: {
      items: components["schemas"]["PeopleTemplateView"][];
      next_cursor: string | null;
    };
    /**
     * PeopleTemplateView
     * @example {
     *       "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "name": "Sales, Munich",
     *       "default": true,
     *       "role": "user",
     *       "department": "Sales",
     *       "language": "en",
     *       "site_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "site_name": "Munich",
     *       "first_number": "101",
     *       "last_number": "101",
     *       "next_number": "101",
     *       "desk_number": "5101",
     *       "device_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "mailbox_number": "199",
     *       "auth_user": "5101",
     *       "version": 1
     *     }
     */
    PeopleTemplateView: {
      id: string;
      name: string;
      default: boolean;
      role: string;
      department: string;
      language: string;
      site_id: string | null;
      site_name: string;
      first_number: string;
      last_number: string;
      /** @description the lowest that is free; null: there is none */
      next_number: string | null;
      desk_number: string;
      device_id: string;
      mailbox_number: string;
      auth_user: string;
      version: number;
    };
    /** PersonEvent */
    PersonEvent: {
      person_id: string;
    };
    /** PersonInvitationView */
    PersonInvitationView: {
      /** Format: date-time */
      sent_at: string;
      /** Format: date-time */
      expires_at: string;
      expired: boolean;
    };
    /**
     * PersonPresence
     * @description Somebody as you may see them.
     */
    PersonPresence: {
      user_id: string;
      state: components["schemas"]["Shown"];
      /** @description when the state ends, where that is known */
      until: string | null;
      note: string;
      note_until: string | null;
    };
    /**
     * PersonShape
     * @description A person, whole: what is left out is empty.
     * @example {
     *       "email": "anna@example.com",
     *       "name": "Anna König",
     *       "department": "Sales",
     *       "line": {
     *         "number": "101",
     *         "site_id": "01948a5d-ac96-774b-bcce-b302099a8057"
     *       }
     *     }
     */
    PersonShape: {
      email: string;
      name: string;
      /** @default user */
      role?: string;
      /**
       * @default
       * @example Sales
       */
      department?: string;
      /** @default  */
      language?: string;
      /** @default null */
      external_id?: string | null;
      /**
       * @default null
       * @example {
       *       "number": "101",
       *       "site_id": "01948a5d-ac96-774b-bcce-b302099a8057"
       *     }
       */
      line?: components["schemas"]["LineShape"] | null;
    };
    /** PersonView */
    PersonView: {
      user_id: string;
      name: string;
      email: string;
      number: components["schemas"]["NumberView"] | null;
    };
    /**
     * Phase
     * @description Where a Call is in its life.
     * @enum {string}
     */
    Phase: "dialling" | "ringing_out" | "early" | "ringing_in" | "connected" | "ended";
    /** Pickup */
    Pickup: {
      id: string;
      from: components["schemas"]["Remote"];
      for: components["schemas"]["Remote"];
      group: string | null;
    };
    /** PickupGone */
    PickupGone: {
      id: string;
    };
    /**
     * PickupOffer
     * @description Told again when more is known, with the same id.
     */
    PickupOffer: components["schemas"]["Pickup"];
    /**
     * PickupRequest
     * @description Either of them: a call that was offered by ``pickup.offer``, or a number where one rings.
     * @example {
     *       "id": "01948a5d-ac96-774b-bcce-b302099a8057"
     *     }
     */
    PickupRequest: {
      /** @default null */
      id?: string | null;
      /** @default null */
      number?: string | null;
    };
    /**
     * Place
     * @description Where a Call may go on: ``to`` is ``desk_phone``, ``alternative`` or the id of a device.
     *
     *     ``name``: the device's name, or the alternative number.
     */
    Place: {
      to: string;
      name: string | null;
    };
    /**
     * PlatformTenant
     * @description What an operator sees: figures, and nobody's name.
     * @example {
     *       "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "name": "Example GmbH",
     *       "kind": "customer",
     *       "status": "invited",
     *       "language": "en",
     *       "created_at": "2026-01-02T10:00:00Z",
     *       "users": 1,
     *       "licences": 1,
     *       "quotas": {
     *         "name": 1
     *       },
     *       "terms_version": "terms_version",
     *       "terms_accepted_at": "2026-01-02T10:00:00Z",
     *       "suspended_at": "2026-01-02T10:00:00Z",
     *       "suspended_why": "left the company",
     *       "delete_after": "2026-01-02T10:00:00Z",
     *       "version": 1
     *     }
     */
    PlatformTenant: {
      id: string;
      name: string;
      /** @enum {string} */
      kind: "customer" | "platform";
      /** @enum {string} */
      status: "invited" | "active" | "suspended" | "deleting";
      language: string;
      /** Format: date-time */
      created_at: string;
      /** @description not disabled */
      users: number;
      licences: number | null;
      /** @description what differs from the platform's */
      quotas: {
        [key: string]: number;
      };
      terms_version: string;
      terms_accepted_at: string | null;
      suspended_at: string | null;
      suspended_why: string;
      delete_after: string | null;
      version: number;
    };
    /**
     * PolicyChange
     * @example {
     *       "second_factor": "off",
     *       "password_min_length": 12,
     *       "session_days": 1
     *     }
     */
    PolicyChange: {
      /** @enum {string} */
      second_factor: "off" | "optional" | "required";
      password_min_length: number;
      /** @description a session's longest life; null: the platform's */
      session_days: number | null;
    };
    /**
     * PolicyView
     * @example {
     *       "second_factor": "off",
     *       "password_min_length": 12,
     *       "session_days": 1,
     *       "version": 1
     *     }
     */
    PolicyView: {
      /** @enum {string} */
      second_factor: "off" | "optional" | "required";
      password_min_length: number;
      session_days: number | null;
      version: number;
    };
    /**
     * PresenceChange
     * @description What is left out stays as it is.
     * @example {
     *       "status": {
     *         "value": "available",
     *         "until": "2026-01-02T10:00:00Z"
     *       }
     *     }
     */
    PresenceChange: {
      /** @default null */
      status?: components["schemas"]["SetStatus"] | null;
      /** @default null */
      do_not_disturb?: components["schemas"]["SetDoNotDisturb"] | null;
      /** @default null */
      note?: components["schemas"]["SetNote"] | null;
      /** @default null */
      visible_to?: components["schemas"]["SetAudience"] | null;
    };
    /** PresenceChanged */
    PresenceChanged: {
      presence: components["schemas"]["PersonPresence"];
      /** @description set when it is about yourself */
      own: components["schemas"]["OwnPresence"] | null;
    };
    /** PresenceOfUser */
    PresenceOfUser: {
      /** @description RFC 3339 */
      at: string;
      user_id: string;
      presence: components["schemas"]["PersonPresence"];
    };
    /**
     * ProvenView
     * @example {
     *       "proven_until": "2026-01-02T10:00:00Z"
     *     }
     */
    ProvenView: {
      /** Format: date-time */
      proven_until: string;
    };
    /**
     * Provisioned
     * @example {
     *       "outcome": "created",
     *       "person": {
     *         "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "email": "anna@example.com",
     *         "name": "Anna König",
     *         "role": "user",
     *         "department": "Sales",
     *         "language": "en",
     *         "state": "new",
     *         "source": "source",
     *         "external_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *         "disabled_at": "2026-01-02T10:00:00Z",
     *         "disabled_why": "left the company",
     *         "created_at": "2026-01-02T10:00:00Z",
     *         "last_sign_in": "2026-01-02T10:00:00Z",
     *         "invitation": {
     *           "sent_at": "2026-01-02T10:00:00Z",
     *           "expires_at": "2026-01-02T10:00:00Z",
     *           "expired": true
     *         },
     *         "second_factors": [
     *           "totp"
     *         ],
     *         "line": {
     *           "site_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "site_name": "Munich",
     *           "number": "101",
     *           "desk_number": "5101",
     *           "device_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "mailbox_number": "199",
     *           "auth_user": "5101",
     *           "has_password": true
     *         },
     *         "version": 1
     *       }
     *     }
     */
    Provisioned: {
      /** @enum {string} */
      outcome: "created" | "updated" | "unchanged";
      person: components["schemas"]["AdminPersonView"];
    };
    /**
     * ProvisionedUser
     * @description Somebody as a PBX or a directory tells of them; what is left out stays as it is.
     * @example {
     *       "email": "anna@example.com",
     *       "name": "Anna König",
     *       "site": "Munich",
     *       "number": "101"
     *     }
     */
    ProvisionedUser: {
      email: string;
      /**
       * @default null
       * @example Anna König
       */
      name?: string | null;
      /** @default null */
      role?: string | null;
      /** @default null */
      department?: string | null;
      /** @default null */
      language?: string | null;
      /** @default null */
      external_id?: string | null;
      /**
       * @description its id or its name
       * @default null
       * @example Munich
       */
      site?: string | null;
      /**
       * @default null
       * @example 101
       */
      number?: string | null;
      /** @default null */
      desk_number?: string | null;
      /** @default null */
      device_id?: string | null;
      /** @default null */
      mailbox_number?: string | null;
      /** @default null */
      auth_user?: string | null;
      /** @default null */
      auth_password?: string | null;
      /**
       * @description its name or id: for what is left out of somebody new; not kept
       * @default null
       */
      template?: string | null;
    };
    /**
     * ReadReply
     * @example {
     *       "unread": 1
     *     }
     */
    ReadReply: {
      unread: number;
    };
    /**
     * ReadRequest
     * @example {
     *       "ids": [
     *         "01948a5d-ac96-774b-bcce-b302099a8057"
     *       ]
     *     }
     */
    ReadRequest: {
      /**
       * @description none = all
       * @default null
       */
      ids?: string[] | null;
    };
    /** ReadingView */
    ReadingView: {
      encoding: string;
      separator: string | null;
      /** @description theirs -> ours */
      columns: {
        [key: string]: string;
      };
      ignored: string[];
    };
    /**
     * Reason
     * @example {
     *       "why": "left the company"
     *     }
     */
    Reason: {
      /** @default  */
      why?: string;
    };
    /**
     * RecoveryCodesView
     * @example {
     *       "recovery_codes": [
     *         "123456"
     *       ]
     *     }
     */
    RecoveryCodesView: {
      /** @description shown this once */
      recovery_codes: string[];
    };
    /**
     * RefreshRequest
     * @description Browsers send no token here, theirs is in the cookie.
     * @example {
     *       "refresh_token": "01948a5d-ac96-774b-bcce-b302099a8057.seven-green-umbrellas"
     *     }
     */
    RefreshRequest: {
      /** @default null */
      refresh_token?: string | null;
      /** @default null */
      device_id?: string | null;
    };
    /**
     * Regenerate
     * @example {
     *       "change_over_hours": 0
     *     }
     */
    Regenerate: {
      /**
       * @description how long the old key goes on working; 0: it stops at once
       * @enum {integer}
       */
      change_over_hours: 0 | 1 | 24;
    };
    /**
     * Remote
     * @description The other side of a Call.
     */
    Remote: {
      name: string | null;
      number: components["schemas"]["CallNumber"];
    };
    /**
     * ResetFinish
     * @example {
     *       "token": "01948a5d-ac96-774b-bcce-b302099a8057.seven-green-umbrellas",
     *       "password": "seven green umbrellas"
     *     }
     */
    ResetFinish: {
      token: string;
      password: string;
    };
    /**
     * ResetRequest
     * @example {
     *       "email": "anna@example.com"
     *     }
     */
    ResetRequest: {
      email: string;
    };
    /** RingOffer */
    RingOffer: {
      call: components["schemas"]["Call"];
      lease_ms: number;
      /** @description the device takes the call by itself, so long after this offer */
      auto_answer_ms: number | null;
    };
    /** RingStop */
    RingStop: {
      call_id: string;
      reason: components["schemas"]["EndReason"] | ("answered" | "silenced");
      /** @description the device that made it stop */
      by: string | null;
    };
    /**
     * Rotate
     * @example {
     *       "change_over_hours": 0
     *     }
     */
    Rotate: {
      /**
       * @description how long the old secret signs as well; 0: not at all
       * @enum {integer}
       */
      change_over_hours: 0 | 1 | 24;
    };
    /**
     * Routing
     * @description What happens on your own devices when somebody calls. The PBX rings the desk phone.
     * @example {
     *       "apps": "now"
     *     }
     */
    Routing: {
      /**
       * @description never: shown, and silent
       * @default now
       * @enum {string}
       */
      apps?: "now" | "later" | "never";
      /**
       * @description for later
       * @default 10000
       */
      delay_ms?: number;
      /** @default null */
      auto_answer?: components["schemas"]["AutoAnswer"] | null;
      /**
       * @default second_call
       * @enum {string}
       */
      when_busy?: "second_call" | "busy";
    };
    /** RoutingChanged */
    RoutingChanged: {
      routing: components["schemas"]["RoutingView"];
    };
    /**
     * RoutingView
     * @example {
     *       "routing": {
     *         "apps": "now",
     *         "delay_ms": 10000,
     *         "auto_answer": {
     *           "device_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "after_ms": 3000
     *         },
     *         "when_busy": "second_call"
     *       },
     *       "version": 1
     *     }
     */
    RoutingView: {
      routing: components["schemas"]["Routing"];
      version: number;
    };
    /** RowFaultView */
    RowFaultView: {
      column: string;
      code: string;
      reason: string;
    };
    /** RowView */
    RowView: {
      number: number;
      /** @description null: not known yet */
      action: ("create" | "update" | "unchanged" | "error") | null;
      /** @enum {string} */
      state: "new" | "planned" | "applied" | "failed" | "undone" | "kept";
      user_id: string | null;
      email: string;
      name: string;
      /** @description field -> [before, after] */
      changes: {
        [key: string]: (string | null)[];
      };
      faults: components["schemas"]["RowFaultView"][];
      warnings: components["schemas"]["RowFaultView"][];
    };
    /**
     * RowsPage
     * @example {
     *       "items": [
     *         {
     *           "number": 1,
     *           "action": "create",
     *           "state": "new",
     *           "user_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "email": "anna@example.com",
     *           "name": "Anna König",
     *           "changes": {
     *             "name": [
     *               "Anna König"
     *             ]
     *           },
     *           "faults": [
     *             {
     *               "column": "number",
     *               "code": "number_taken",
     *               "reason": "the number belongs to somebody else"
     *             }
     *           ],
     *           "warnings": [
     *             {
     *               "column": "number",
     *               "code": "number_taken",
     *               "reason": "the number belongs to somebody else"
     *             }
     *           ]
     *         }
     *       ],
     *       "next_cursor": "eyJhZnRlciI6IjQyIn0"
     *     }
     */
    RowsPage: {
      items: components["schemas"]["RowView"][];
      next_cursor: string | null;
    };
    /** RowsQuery */
    RowsQuery: {
      /** @default null */
      action?: ("create" | "update" | "unchanged" | "error") | null;
      /** @default null */
      state?: ("new" | "planned" | "applied" | "failed" | "undone" | "kept") | null;
      /** @default null */
      cursor?: string | null;
      /** @default 100 */
      limit?: number;
    };
    /** ScimGroupView */
    ScimGroupView: {
      id: string;
      name: string;
      members: number;
    };
    /**
     * ScimSettingsIn
     * @example {
     *       "role_by_group": {}
     *     }
     */
    ScimSettingsIn: {
      role_by_group: {
        [key: string]: "user" | "help_desk" | "admin";
      };
    };
    /**
     * ScimSettingsView
     * @example {
     *       "base_url": "https://example.com/hook",
     *       "role_by_group": {
     *         "name": "Anna König"
     *       },
     *       "groups": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "name": "Anna König",
     *           "members": 1
     *         }
     *       ],
     *       "last_request": "2026-01-02T10:00:00Z",
     *       "version": 1
     *     }
     */
    ScimSettingsView: {
      /** @description to enter at the directory */
      base_url: string;
      /** @description empty: roles are given here */
      role_by_group: {
        [key: string]: string;
      };
      groups: components["schemas"]["ScimGroupView"][];
      last_request: string | null;
      version: number;
    };
    /** SearchQuery */
    SearchQuery: {
      /**
       * @description two characters at least; nobody is asked for less
       * @default
       */
      q?: string;
    };
    /** SecondFactorState */
    SecondFactorState: {
      /** @enum {string} */
      policy: "off" | "optional" | "required";
      totp: boolean;
      totp_since: string | null;
      recovery_codes_left: number;
      passkeys: number;
    };
    /**
     * SecondStepRequest
     * @example {
     *       "step_token": "01948a5d-ac96-774b-bcce-b302099a8057.seven-green-umbrellas",
     *       "method": "totp",
     *       "code": "123456"
     *     }
     */
    SecondStepRequest: {
      step_token: string;
      /** @enum {string} */
      method: "totp" | "recovery_code";
      code: string;
    };
    /**
     * SecurityView
     * @example {
     *       "email": "anna@example.com",
     *       "source": "source",
     *       "managed_elsewhere": true,
     *       "password": {
     *         "set": true,
     *         "changed_at": "2026-01-02T10:00:00Z",
     *         "min_length": 12
     *       },
     *       "second_factor": {
     *         "policy": "off",
     *         "totp": true,
     *         "totp_since": "2026-01-02T10:00:00Z",
     *         "recovery_codes_left": 1,
     *         "passkeys": 1
     *       },
     *       "session": {
     *         "method": "password",
     *         "proven_until": "2026-01-02T10:00:00Z"
     *       }
     *     }
     */
    SecurityView: {
      email: string;
      source: string;
      /** @description the company's own sign-in keeps the password */
      managed_elsewhere: boolean;
      password: components["schemas"]["PasswordState"];
      second_factor: components["schemas"]["SecondFactorState"];
      session: components["schemas"]["ThisSession"];
    };
    /**
     * Sent
     * @example {
     *       "mail": "queued"
     *     }
     */
    Sent: {
      /** @enum {string} */
      mail: "queued" | "not_configured";
    };
    /**
     * SentAgain
     * @example {
     *       "count": 1
     *     }
     */
    SentAgain: {
      count: number;
    };
    /**
     * ServerEvents
     * @description The payload of every event, by its name; each carries a Stamp as well.
     */
    ServerEvents: {
      snapshot: components["schemas"]["Snapshot"];
      "call.created": components["schemas"]["CallEvent"];
      "call.updated": components["schemas"]["CallEvent"];
      "call.ended": components["schemas"]["CallEvent"];
      "ring.offer": components["schemas"]["RingOffer"];
      "ring.renew": components["schemas"]["CallNamed"];
      "ring.stop": components["schemas"]["RingStop"];
      "media.answer": components["schemas"]["MediaAnswer"];
      "media.renegotiate": components["schemas"]["MediaRenegotiate"];
      "media.restart": components["schemas"]["CallNamed"];
      "presence.changed": components["schemas"]["PresenceChanged"];
      "mwi.changed": components["schemas"]["MwiChanged"];
      "journal.added": components["schemas"]["JournalEvent"];
      "journal.changed": components["schemas"]["JournalEvent"];
      "journal.removed": components["schemas"]["JournalRemoved"];
      "devices.changed": components["schemas"]["DevicesChanged"];
      "settings.changed": components["schemas"]["SettingsChanged"];
      "routing.changed": components["schemas"]["RoutingChanged"];
      "forwarding.changed": components["schemas"]["ForwardingChanged"];
      "connector.changed": components["schemas"]["ConnectorChanged"];
      "desk_phone.changed": components["schemas"]["DeskPhoneChanged"];
      "hunt_groups.changed": components["schemas"]["HuntGroupsChanged"];
      "alternative_number.changed": components["schemas"]["AlternativeNumberChanged"];
      "offers.changed": components["schemas"]["OffersChanged"];
      "pickup.offer": components["schemas"]["PickupOffer"];
      "pickup.gone": components["schemas"]["PickupGone"];
      "announcement.changed": components["schemas"]["AnnouncementChanged"];
      notice: components["schemas"]["Notice"];
      "session.ended": components["schemas"]["SessionEnded"];
    };
    /** SessionDevice */
    SessionDevice: {
      id: string;
      kind: string;
      name: string;
    };
    /** SessionEnded */
    SessionEnded: {
      reason: string;
    };
    /** SessionView */
    SessionView: {
      id: string;
      device: components["schemas"]["SessionDevice"];
      /** @description password, passkey, sso, ldap; +totp: with a second factor */
      method: string;
      client_ip: string;
      /** Format: date-time */
      created_at: string;
      /**
       * Format: date-time
       * @description sign-in or last exchange of its token
       */
      last_used: string;
      /** Format: date-time */
      expires_at: string;
      this: boolean;
    };
    /**
     * SessionsView
     * @example {
     *       "items": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "device": {
     *             "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *             "kind": "web",
     *             "name": "Laptop"
     *           },
     *           "method": "password",
     *           "client_ip": "203.0.113.7",
     *           "created_at": "2026-01-02T10:00:00Z",
     *           "last_used": "2026-01-02T10:00:00Z",
     *           "expires_at": "2026-01-02T10:00:00Z",
     *           "this": true
     *         }
     *       ],
     *       "next_cursor": "eyJhZnRlciI6IjQyIn0"
     *     }
     */
    SessionsView: {
      items: components["schemas"]["SessionView"][];
      /** @default null */
      next_cursor: string | null;
    };
    /** SetAudience */
    SetAudience: {
      /** @enum {string} */
      who: "everyone" | "chosen" | "nobody";
      /** @default [] */
      user_ids?: string[];
    };
    /** SetDoNotDisturb */
    SetDoNotDisturb: {
      on: boolean;
      /**
       * @description when it ends by itself; null: it does not
       * @default null
       */
      until?: string | null;
    };
    /** SetNote */
    SetNote: {
      text: string;
      /**
       * @description when it ends by itself; null: it does not
       * @default null
       */
      until?: string | null;
    };
    /** SetStatus */
    SetStatus: {
      value: components["schemas"]["Status"];
      /**
       * @description when it ends by itself; null: it does not
       * @default null
       */
      until?: string | null;
    };
    /**
     * Settings
     * @description What a user may choose; the same on all of one's devices.
     * @example {
     *       "theme": "system"
     *     }
     */
    Settings: {
      /**
       * @default system
       * @enum {string}
       */
      theme?: "system" | "light" | "dark";
      /** @default  */
      language?: string;
      /** @default 80 */
      ring_volume?: number;
      /** @default true */
      notifications?: boolean;
    };
    /** SettingsChanged */
    SettingsChanged: {
      settings: components["schemas"]["SettingsView"];
    };
    /**
     * SettingsView
     * @example {
     *       "settings": {
     *         "theme": "system",
     *         "language": "en",
     *         "ring_volume": 80,
     *         "notifications": true
     *       },
     *       "version": 1
     *     }
     */
    SettingsView: {
      settings: components["schemas"]["Settings"];
      version: number;
    };
    /**
     * Shown
     * @enum {string}
     */
    Shown: "available" | "busy" | "do_not_disturb" | "away" | "offline" | "unknown";
    /** ShownQuery */
    ShownQuery: {
      /** @default  */
      language?: string;
    };
    /** SiteCompatibility */
    SiteCompatibility: {
      site_id: string;
      site: string;
      profile: string;
      pbx_release: string;
      /** @enum {string} */
      state: "tested" | "expected" | "unsupported" | "unknown";
      note: string;
    };
    /**
     * SiteData
     * @description What can be said of a site, whole: a change gives all of it.
     * @example {
     *       "name": "Munich",
     *       "profile": "business",
     *       "country": "de"
     *     }
     */
    SiteData: {
      name: string;
      /**
       * @description business: OpenScape Business, voice: OpenScape Voice, os4000: OpenScape 4000
       * @enum {string}
       */
      profile: "business" | "voice" | "os4000";
      /** @description ISO 3166, de for example */
      country: string;
      /**
       * @description without the trunk prefix: 89 for Munich
       * @default
       */
      area_code?: string;
      /**
       * @description what seizes an outside line
       * @default 0
       */
      exit_code?: string;
      /**
       * @description before national numbers, as people write
       * @default 0
       */
      trunk_prefix?: string;
      /**
       * @description the site's own number without extension: +498955501
       * @default
       */
      number_block?: string;
      /**
       * @description of the longest extension
       * @default 3
       */
      extension_digits?: number;
      /** @description first and last; empty: every number of that many digits */
      extension_ranges?: [string, string][];
      /**
       * @default [
       *       "PCMA",
       *       "PCMU"
       *     ]
       */
      codecs?: ("PCMA" | "PCMU" | "G722" | "opus")[];
      /**
       * @description V3R2, for example
       * @default
       */
      pbx_release?: string;
      /**
       * @description that may talk at once
       * @default null
       */
      channels?: number | null;
      /**
       * @description lines that the PBX lets register
       * @default null
       */
      ip_licences?: number | null;
    };
    /** SiteEvent */
    SiteEvent: {
      site_id: string;
    };
    /** SiteView */
    SiteView: {
      id: string;
      name: string;
      profile: string;
      country: string;
      area_code: string;
      extension_digits: number;
    };
    /**
     * Snapshot
     * @description The whole picture for one device.
     */
    Snapshot: {
      me: components["schemas"]["MeView"];
      device_id: string;
      devices: components["schemas"]["DeviceView"][];
      unread: number;
      /** @description your own; colleagues' come by presence.watch */
      presence: components["schemas"]["OwnPresence"];
      /** @description null: nobody knows */
      mwi: components["schemas"]["MailboxView"] | null;
      connector: components["schemas"]["Connector"];
      calls: components["schemas"]["Call"][];
      /** @description null: the PBX told of none */
      desk_phone: components["schemas"]["DeskPhone"] | null;
      /** @description what rings in your pickup group */
      pickups: components["schemas"]["Pickup"][];
      /** @description what your phone system offers now */
      offers: (
        | "park"
        | "unpark"
        | "pickup"
        | "hide_number"
        | "do_not_disturb"
        | "forwarding"
        | "hunt_groups"
        | "alternative_number"
        | "dial_desk_phone"
        | "dial_alternative"
      )[];
    };
    /**
     * SourceList
     * @example {
     *       "items": [
     *         {
     *           "source": "ldap",
     *           "state": "not_connected",
     *           "account": "anna@example.com",
     *           "connected_at": "2026-01-02T10:00:00Z"
     *         }
     *       ],
     *       "next_cursor": null
     *     }
     */
    SourceList: {
      items: components["schemas"]["SourceView"][];
      /** @default null */
      next_cursor: null;
    };
    /** SourceNumberView */
    SourceNumberView: {
      /** @enum {string} */
      kind: "work" | "mobile" | "home" | "other";
      number: components["schemas"]["NumberView"];
    };
    /**
     * SourceTest
     * @description What came of it; nothing is changed.
     * @example {
     *       "ok": true,
     *       "code": "123456",
     *       "detail": "the line answered",
     *       "items": [
     *         {
     *           "source": "ldap",
     *           "private": true,
     *           "name": "Anna König",
     *           "company": "Example GmbH",
     *           "email": "anna@example.com",
     *           "numbers": [
     *             {
     *               "kind": "work",
     *               "number": {
     *                 "dialled": "089 123456",
     *                 "canonical": "+4989123456",
     *                 "display": "+49 89 123456"
     *               }
     *             }
     *           ]
     *         }
     *       ]
     *     }
     */
    SourceTest: {
      ok: boolean;
      code: string;
      detail: string;
      /** @description the first five */
      items: components["schemas"]["FoundContact"][];
    };
    /** SourceView */
    SourceView: {
      /** @enum {string} */
      source: "ldap" | "microsoft";
      /** @enum {string} */
      state: "not_connected" | "working" | "busy" | "failing" | "sign_in_again";
      /** @description whose contacts they are, as the source calls it */
      account: string;
      connected_at: string | null;
    };
    /** SsoOffer */
    SsoOffer: {
      name: string;
      /** @description to go to; takes ?to=app|admin and &email= */
      start_url: string;
    };
    /**
     * Stamp
     * @description Stands in every event: its place in the stream of one connection.
     */
    Stamp: {
      epoch: string;
      seq: number;
    };
    /** StartQuery */
    StartQuery: {
      /**
       * @default app
       * @enum {string}
       */
      to?: "app" | "admin";
      /**
       * @description shown by the provider
       * @default
       */
      email?: string;
      /**
       * @description as given at an earlier sign-in
       * @default
       */
      device?: string;
      /** @default  */
      device_name?: string;
      /** @default  */
      test?: string;
      /**
       * @description have the provider ask for a proof anew: what step_up_required needs
       * @default false
       */
      fresh?: boolean;
    };
    /**
     * Status
     * @description What a user says of themselves.
     * @enum {string}
     */
    Status: "available" | "away" | "appear_offline";
    /**
     * StepUpRequest
     * @description One proof, the one that ``method`` names.
     * @example {
     *       "method": "password",
     *       "password": "seven green umbrellas"
     *     }
     */
    StepUpRequest: {
      /** @enum {string} */
      method: "password" | "totp" | "recovery_code" | "passkey";
      /**
       * @default null
       * @example seven green umbrellas
       */
      password?: string | null;
      /** @default null */
      code?: string | null;
      /** @default null */
      credential?: {
        [key: string]: unknown;
      } | null;
    };
    /** StreamEnd */
    StreamEnd: {
      /** @enum {string} */
      reason: "key_ended" | "restarting";
    };
    /** StreamQuery */
    StreamQuery: {
      /**
       * @description only these, with commas between them: call.created, call.updated, call.ended, presence.changed, mwi.changed, connector.changed
       * @default null
       * @example call.created,call.ended
       */
      types?: string | null;
      /**
       * @description only what is about this user
       * @default null
       */
      user_id?: string | null;
    };
    /**
     * Suspension
     * @example {
     *       "why": "left the company"
     *     }
     */
    Suspension: {
      /** @default  */
      why?: string;
    };
    /**
     * TenantEvents
     * @description The data of every event of the stream, by its name.
     */
    TenantEvents: {
      ready: components["schemas"]["Nothing"];
      /** @description something was missed: read again what you keep */
      reset: components["schemas"]["Nothing"];
      "call.created": components["schemas"]["CallOfUser"];
      "call.updated": components["schemas"]["CallOfUser"];
      "call.ended": components["schemas"]["CallOfUser"];
      "presence.changed": components["schemas"]["PresenceOfUser"];
      "mwi.changed": components["schemas"]["LampOfUser"];
      "connector.changed": components["schemas"]["ConnectorOfSite"];
      end: components["schemas"]["StreamEnd"];
    };
    /** TenantHead */
    TenantHead: {
      name: string;
      status: string;
      language: string;
    };
    /**
     * TenantPage
     * @example {
     *       "items": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "name": "Example GmbH",
     *           "kind": "customer",
     *           "status": "invited",
     *           "language": "en",
     *           "created_at": "2026-01-02T10:00:00Z",
     *           "users": 1,
     *           "licences": 1,
     *           "quotas": {
     *             "name": 1
     *           },
     *           "terms_version": "terms_version",
     *           "terms_accepted_at": "2026-01-02T10:00:00Z",
     *           "suspended_at": "2026-01-02T10:00:00Z",
     *           "suspended_why": "left the company",
     *           "delete_after": "2026-01-02T10:00:00Z",
     *           "version": 1
     *         }
     *       ],
     *       "next_cursor": "eyJhZnRlciI6IjQyIn0",
     *       "total": 1
     *     }
     */
    TenantPage: {
      items: components["schemas"]["PlatformTenant"][];
      next_cursor: string | null;
      total: number;
    };
    /** TenantView */
    TenantView: {
      id: string;
      name: string;
      /** @description whom to ask; empty: nobody was named */
      support_email: string;
    };
    /**
     * TermsAcceptance
     * @description ``version``: the one that was read.
     * @example {
     *       "version": "2026-01"
     *     }
     */
    TermsAcceptance: {
      version: string;
    };
    /** TermsQuery */
    TermsQuery: {
      /** @default  */
      language?: string;
    };
    /**
     * TermsText
     * @description What a company's first administrator accepts.
     * @example {
     *       "version": "2026-01",
     *       "url": "https://example.com/hook",
     *       "text": "What both sides agree to."
     *     }
     */
    TermsText: {
      version: string;
      /** @description the operator's own; else empty */
      url: string;
      /** @description Markdown; empty where the operator has terms of its own */
      text: string;
    };
    /** TermsView */
    TermsView: {
      version: string;
      /** @description where they can be read; empty: the operator has none */
      url: string;
      /** @description this person accepts them for the company */
      required: boolean;
    };
    /**
     * TestCall
     * @example {
     *       "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "state": "running",
     *       "from_line": "101",
     *       "to": "+4989123456",
     *       "by": "Ada Lang",
     *       "started_at": "2026-01-02T10:00:00Z",
     *       "ended_at": "2026-01-02T10:00:00Z",
     *       "pbx_release": "V3R4",
     *       "connector_version": "connector_version",
     *       "steps": [
     *         {
     *           "step": "connector",
     *           "state": "waiting",
     *           "after_ms": 1,
     *           "detail": "the line answered"
     *         }
     *       ],
     *       "code": "123456",
     *       "words": "the number belongs to somebody else"
     *     }
     */
    TestCall: {
      id: string;
      /** @enum {string} */
      state: "running" | "passed" | "partly" | "failed";
      from_line: string;
      to: string;
      by: string;
      /** Format: date-time */
      started_at: string;
      ended_at: string | null;
      pbx_release: string;
      connector_version: string;
      steps: components["schemas"]["TestCallStep"][];
      /** @description stable, empty while it runs or when all is well */
      code: string;
      /** @description what the code means, in English */
      words: string;
    };
    /**
     * TestCallList
     * @example {
     *       "items": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "state": "running",
     *           "from_line": "101",
     *           "to": "+4989123456",
     *           "by": "Ada Lang",
     *           "started_at": "2026-01-02T10:00:00Z",
     *           "ended_at": "2026-01-02T10:00:00Z",
     *           "pbx_release": "V3R4",
     *           "connector_version": "connector_version",
     *           "steps": [
     *             {
     *               "step": "connector",
     *               "state": "waiting",
     *               "after_ms": 1,
     *               "detail": "the line answered"
     *             }
     *           ],
     *           "code": "123456",
     *           "words": "the number belongs to somebody else"
     *         }
     *       ],
     *       "next_cursor": "eyJhZnRlciI6IjQyIn0"
     *     }
     */
    TestCallList: {
      items: components["schemas"]["TestCall"][];
      next_cursor: string | null;
    };
    /** TestCallStep */
    TestCallStep: {
      /** @enum {string} */
      step: "connector" | "ringing" | "answered" | "audio_out" | "audio_back" | "hang_up";
      /** @enum {string} */
      state: "waiting" | "running" | "passed" | "failed" | "unproven" | "skipped";
      /** @description since the call began */
      after_ms: number | null;
      detail: string;
    };
    /** TestCallsQuery */
    TestCallsQuery: {
      /** @default null */
      cursor?: string | null;
    };
    /**
     * TestResult
     * @description What came of the last test.
     * @example {
     *       "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "at": "2026-01-02T10:00:00Z",
     *       "ok": true,
     *       "code": "123456",
     *       "detail": "the line answered",
     *       "email": "anna@example.com",
     *       "name": "Anna König",
     *       "groups": [
     *         "group"
     *       ],
     *       "role": "user"
     *     }
     */
    TestResult: {
      id: string;
      at: string;
      ok: boolean;
      code: string;
      detail: string;
      /** @default  */
      email: string;
      /** @default  */
      name: string;
      groups: string[];
      /**
       * @description empty: groups do not decide it
       * @default
       */
      role: string;
    };
    /** TestSent */
    TestSent: {
      webhook_id: string;
    };
    /**
     * TestStarted
     * @example {
     *       "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "url": "https://example.com/hook"
     *     }
     */
    TestStarted: {
      id: string;
      /** @description open it in a new window; the result is in last_test */
      url: string;
    };
    /** ThisSession */
    ThisSession: {
      method: string;
      /** Format: date-time */
      proven_until: string;
    };
    /**
     * Todo
     * @description Something to do. ``code`` is stable: clients have the words.
     */
    Todo: {
      code: string;
      /** @enum {string} */
      severity: "critical" | "warning" | "hint";
      count: number;
      /** @description the first few that it is about */
      names: string[];
      target: ("people" | "connector" | "keys" | "tenant" | "webhooks") | null;
    };
    /**
     * TokenReply
     * @example {
     *       "access_token": "01948a5d-ac96-774b-bcce-b302099a8057.seven-green-umbrellas",
     *       "token_type": "Bearer",
     *       "expires_in": 1,
     *       "session_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "device_id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "refresh_token": "01948a5d-ac96-774b-bcce-b302099a8057.seven-green-umbrellas"
     *     }
     */
    TokenReply: {
      access_token: string;
      /**
       * @default Bearer
       * @constant
       */
      token_type: "Bearer";
      /** @description seconds */
      expires_in: number;
      session_id: string;
      device_id: string;
      /**
       * @description native clients only; browsers get a cookie
       * @default null
       */
      refresh_token: string | null;
    };
    /**
     * TotpView
     * @example {
     *       "secret": "secret",
     *       "uri": "uri",
     *       "qr_svg": "qr_svg"
     *     }
     */
    TotpView: {
      /** @description base 32, to type in by hand */
      secret: string;
      /** @description otpauth: for apps on this device */
      uri: string;
      /** @description the same as a picture: a whole SVG document */
      qr_svg: string;
    };
    /** TrailDevice */
    TrailDevice: {
      id: string;
      /** @description null: it was removed since */
      name: string | null;
      kind: ("web" | "pwa" | "ios" | "android" | "api") | null;
    };
    /**
     * TrailView
     * @description One reason why a device rang, or did not.
     */
    TrailView: {
      /** Format: date-time */
      at: string;
      code:
        | (
            | "rang"
            | "rings_later"
            | "kept_silent"
            | "silenced"
            | "went_away"
            | "answered"
            | "answer_failed"
            | "declined"
            | "busy"
            | "do_not_disturb"
            | "too_many_calls"
            | "no_device"
          )
        | "not_connected";
      device: components["schemas"]["TrailDevice"] | null;
      detail: string;
    };
    /** Transfer */
    Transfer: {
      to: components["schemas"]["Remote"];
      with: string | null;
    };
    /** Translation */
    Translation: {
      title: string;
      text: string;
    };
    /**
     * TurnView
     * @example {
     *       "urls": [
     *         "https://example.com/hook"
     *       ],
     *       "username": "username",
     *       "credential": "credential",
     *       "ttl": 1
     *     }
     */
    TurnView: {
      urls: string[];
      username: string;
      credential: string;
      /** @description seconds; ask again at 80 % of it */
      ttl: number;
    };
    /**
     * UnparkRequest
     * @example {
     *       "slot": "701"
     *     }
     */
    UnparkRequest: {
      slot: string;
    };
    /** UploadQuery */
    UploadQuery: {
      /** @default  */
      filename?: string;
      /**
       * @description of rows that name none: id or name
       * @default
       */
      site?: string;
      /**
       * @description of rows that name none: id or name
       * @default
       */
      template?: string;
      /**
       * @default auto
       * @enum {string}
       */
      encoding?: "auto" | "utf-8" | "utf-16" | "cp1252";
      /**
       * @default auto
       * @enum {string}
       */
      separator?: "auto" | "semicolon" | "comma" | "tab";
      /**
       * @description JSON: {"their column": "our field"}
       * @default
       */
      mapping?: string;
    };
    /** UsageFileQuery */
    UsageFileQuery: {
      /**
       * @default comma
       * @enum {string}
       */
      separator?: "comma" | "semicolon";
      /**
       * @description for example Europe/Berlin
       * @default UTC
       */
      time_zone?: string;
      /** @default  */
      from?: string;
      /** @default  */
      to?: string;
    };
    /** UsageLicences */
    UsageLicences: {
      used: number;
      /** @description null: as many as are needed */
      available: number | null;
      total: number | null;
    };
    /** UsageQuery */
    UsageQuery: {
      /**
       * @description 2026-01; default: 11 months ago
       * @default
       */
      from?: string;
      /**
       * @description 2026-12; default: this month
       * @default
       */
      to?: string;
    };
    /**
     * UsageView
     * @example {
     *       "items": [
     *         {
     *           "month": "2026-01",
     *           "peak_users": 1,
     *           "licences": 1,
     *           "calls": 1,
     *           "answered": 1,
     *           "minutes": 1
     *         }
     *       ],
     *       "next_cursor": "eyJhZnRlciI6IjQyIn0",
     *       "licences": {
     *         "used": 1,
     *         "available": 1,
     *         "total": 1
     *       }
     *     }
     */
    UsageView: {
      items: components["schemas"]["MonthView"][];
      next_cursor: string | null;
      licences: components["schemas"]["UsageLicences"];
    };
    /** UserView */
    UserView: {
      id: string;
      name: string;
      email: string;
      role: string;
      /** @description what the role may do to the tenant; most: nothing */
      permissions: string[];
    };
    /**
     * VerbRequest
     * @description The verb's own members, as on the socket.
     * @example {
     *       "to": "102"
     *     }
     */
    VerbRequest: {
      [key: string]: unknown;
    };
    /**
     * VerifyReply
     * @description ``changed``: the entry's digest is another one. ``missing``: its number is not the next.
     *     ``not_linked``: it follows on another entry than the one before it.
     * @example {
     *       "whole": true,
     *       "entries": 1,
     *       "first_broken": 1,
     *       "fault": "changed",
     *       "last": 1,
     *       "digest": "5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f"
     *     }
     */
    VerifyReply: {
      whole: boolean;
      /** @description how many are there */
      entries: number;
      /** @description the number where the chain breaks */
      first_broken: number | null;
      fault: ("changed" | "missing" | "not_linked" | "not_as_noted") | null;
      /** @description the last number that is proven; note it with its digest */
      last: number;
      digest: string;
    };
    /**
     * VerifyRequest
     * @example {
     *       "noted": {
     *         "number": 1,
     *         "digest": "5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f"
     *       }
     *     }
     */
    VerifyRequest: {
      /**
       * @description shows also whether the end of the chain was cut off
       * @default null
       */
      noted?: components["schemas"]["NotedEntry"] | null;
    };
    /**
     * VoicemailView
     * @example {
     *       "number": "101",
     *       "mwi": {
     *         "waiting": true,
     *         "new": 1,
     *         "old": 1
     *       }
     *     }
     */
    VoicemailView: {
      /** @description dial it to reach the mailbox; null: there is none */
      number: string | null;
      /** @description null: nobody knows */
      mwi: components["schemas"]["MailboxView"] | null;
    };
    /**
     * WebhookList
     * @example {
     *       "items": [
     *         {
     *           "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *           "url": "https://example.com/hook",
     *           "description": "to the order desk",
     *           "events": [
     *             "call.ended"
     *           ],
     *           "state": "active",
     *           "failing_since": "2026-01-02T10:00:00Z",
     *           "delivered_at": "2026-01-02T10:00:00Z",
     *           "failed_at": "2026-01-02T10:00:00Z",
     *           "error": "the other side answered 503",
     *           "waiting": 1,
     *           "dead": 1,
     *           "old_secret_until": "2026-01-02T10:00:00Z",
     *           "created_at": "2026-01-02T10:00:00Z",
     *           "created_by": "Ada Lang",
     *           "version": 1
     *         }
     *       ],
     *       "next_cursor": "eyJhZnRlciI6IjQyIn0",
     *       "limit": 50
     *     }
     */
    WebhookList: {
      items: components["schemas"]["WebhookView"][];
      next_cursor: string | null;
      /** @description how many there may be */
      limit: number;
    };
    /**
     * WebhookView
     * @example {
     *       "id": "01948a5d-ac96-774b-bcce-b302099a8057",
     *       "url": "https://example.com/hook",
     *       "description": "to the order desk",
     *       "events": [
     *         "call.ended"
     *       ],
     *       "state": "active",
     *       "failing_since": "2026-01-02T10:00:00Z",
     *       "delivered_at": "2026-01-02T10:00:00Z",
     *       "failed_at": "2026-01-02T10:00:00Z",
     *       "error": "the other side answered 503",
     *       "waiting": 1,
     *       "dead": 1,
     *       "old_secret_until": "2026-01-02T10:00:00Z",
     *       "created_at": "2026-01-02T10:00:00Z",
     *       "created_by": "Ada Lang",
     *       "version": 1
     *     }
     */
    WebhookView: {
      id: string;
      url: string;
      description: string;
      events: string[];
      /**
       * @description stopped: by the gateway, because nothing could be delivered for days
       * @enum {string}
       */
      state: "active" | "paused" | "stopped";
      /** @description null: the last delivery worked */
      failing_since: string | null;
      /** @description the last success, to the minute */
      delivered_at: string | null;
      failed_at: string | null;
      /** @description what the last failure was */
      error: string;
      /** @description deliveries that will be tried, or tried again */
      waiting: number;
      /** @description deliveries that were given up and may be sent again */
      dead: number;
      old_secret_until: string | null;
      /** Format: date-time */
      created_at: string;
      created_by: string;
      version: number;
    };
    /** Words */
    Words: {
      title: string;
      text: string;
    };
    Problem: {
      type: string;
      /** @description for people */
      title: string;
      status: number;
      /** @description stable, for programs */
      code: string;
      detail?: string;
      /** @description seconds */
      retry_after?: number;
      /** @description what of a request does not fit */
      errors?: {
        where: string;
        path: string[];
        message: string;
      }[];
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: {
    /** @description how many requests each asker and the company may make: q in w seconds */
    "RateLimit-Policy": string;
    /** @description what is left of them: r, and in t seconds all of it again */
    RateLimit: string;
  };
  pathItems: never;
}
export type Acceptance = components["schemas"]["Acceptance"];
export type AddressView = components["schemas"]["AddressView"];
export type AdminInvitation = components["schemas"]["AdminInvitation"];
export type AdminLineView = components["schemas"]["AdminLineView"];
export type AdminPeopleQuery = components["schemas"]["AdminPeopleQuery"];
export type AdminPersonView = components["schemas"]["AdminPersonView"];
export type AdminSiteList = components["schemas"]["AdminSiteList"];
export type AdminSiteView = components["schemas"]["AdminSiteView"];
export type Advice = components["schemas"]["Advice"];
export type Agreement = components["schemas"]["Agreement"];
export type AlternativeChange = components["schemas"]["AlternativeChange"];
export type AlternativeNumberChanged = components["schemas"]["AlternativeNumberChanged"];
export type AlternativeView = components["schemas"]["AlternativeView"];
export type AnnouncementChanged = components["schemas"]["AnnouncementChanged"];
export type AnnouncementEdit = components["schemas"]["AnnouncementEdit"];
export type AnnouncementList = components["schemas"]["AnnouncementList"];
export type AnnouncementPage = components["schemas"]["AnnouncementPage"];
export type AnnouncementView = components["schemas"]["AnnouncementView"];
export type AnnouncementWish = components["schemas"]["AnnouncementWish"];
export type Apply = components["schemas"]["Apply"];
export type AskedSource = components["schemas"]["AskedSource"];
export type AuditActor = components["schemas"]["AuditActor"];
export type AuditFileQuery = components["schemas"]["AuditFileQuery"];
export type AuditPage = components["schemas"]["AuditPage"];
export type AuditQuery = components["schemas"]["AuditQuery"];
export type AuditTarget = components["schemas"]["AuditTarget"];
export type AuditView = components["schemas"]["AuditView"];
export type AutoAnswer = components["schemas"]["AutoAnswer"];
export type ByEmail = components["schemas"]["ByEmail"];
export type Call = components["schemas"]["Call"];
export type CallAnswered = components["schemas"]["CallAnswered"];
export type CallBegun = components["schemas"]["CallBegun"];
export type CallEvent = components["schemas"]["CallEvent"];
export type CallNamed = components["schemas"]["CallNamed"];
export type CallNumber = components["schemas"]["CallNumber"];
export type CallOfUser = components["schemas"]["CallOfUser"];
export type CallOver = components["schemas"]["CallOver"];
export type CallbackQuery = components["schemas"]["CallbackQuery"];
export type CallsOfUser = components["schemas"]["CallsOfUser"];
export type CallsView = components["schemas"]["CallsView"];
export type ChangedWebhook = components["schemas"]["ChangedWebhook"];
export type ChosenPeople = components["schemas"]["ChosenPeople"];
export type CodeRequest = components["schemas"]["CodeRequest"];
export type CodeSent = components["schemas"]["CodeSent"];
export type ColumnView = components["schemas"]["ColumnView"];
export type ColumnsQuery = components["schemas"]["ColumnsQuery"];
export type CommandForUser = components["schemas"]["CommandForUser"];
export type CommandView = components["schemas"]["CommandView"];
export type ConfigQuery = components["schemas"]["ConfigQuery"];
export type ConfirmIn = components["schemas"]["ConfirmIn"];
export type Confirmation = components["schemas"]["Confirmation"];
export type ConnectStarted = components["schemas"]["ConnectStarted"];
export type ConnectedDevice = components["schemas"]["ConnectedDevice"];
export type ConnectionIn = components["schemas"]["ConnectionIn"];
export type ConnectionList = components["schemas"]["ConnectionList"];
export type ConnectionView = components["schemas"]["ConnectionView"];
export type Connector = components["schemas"]["Connector"];
export type ConnectorChanged = components["schemas"]["ConnectorChanged"];
export type ConnectorLayer = components["schemas"]["ConnectorLayer"];
export type ConnectorOfSite = components["schemas"]["ConnectorOfSite"];
export type ConnectorPage = components["schemas"]["ConnectorPage"];
export type ContactNumberView = components["schemas"]["ContactNumberView"];
export type ContactView = components["schemas"]["ContactView"];
export type ContactWish = components["schemas"]["ContactWish"];
export type ContactsImported = components["schemas"]["ContactsImported"];
export type ContactsPage = components["schemas"]["ContactsPage"];
export type ContactsQuery = components["schemas"]["ContactsQuery"];
export type CountsView = components["schemas"]["CountsView"];
export type Deletion = components["schemas"]["Deletion"];
export type DeliveriesQuery = components["schemas"]["DeliveriesQuery"];
export type DeliveryPage = components["schemas"]["DeliveryPage"];
export type DeliveryView = components["schemas"]["DeliveryView"];
export type DemoView = components["schemas"]["DemoView"];
export type DeskPhone = components["schemas"]["DeskPhone"];
export type DeskPhoneChanged = components["schemas"]["DeskPhoneChanged"];
export type DeviceInfo = components["schemas"]["DeviceInfo"];
export type DeviceOnline = components["schemas"]["DeviceOnline"];
export type DeviceView = components["schemas"]["DeviceView"];
export type DevicesChanged = components["schemas"]["DevicesChanged"];
export type DevicesView = components["schemas"]["DevicesView"];
export type DiagnosticsPage = components["schemas"]["DiagnosticsPage"];
export type DiagnosticsQuery = components["schemas"]["DiagnosticsQuery"];
export type DiagnosticsSender = components["schemas"]["DiagnosticsSender"];
export type DiagnosticsSent = components["schemas"]["DiagnosticsSent"];
export type DiagnosticsTaken = components["schemas"]["DiagnosticsTaken"];
export type DiagnosticsView = components["schemas"]["DiagnosticsView"];
export type DialForUser = components["schemas"]["DialForUser"];
export type DialRequest = components["schemas"]["DialRequest"];
export type DirectoryIn = components["schemas"]["DirectoryIn"];
export type DirectoryPage = components["schemas"]["DirectoryPage"];
export type DirectoryQuery = components["schemas"]["DirectoryQuery"];
export type DirectoryTest = components["schemas"]["DirectoryTest"];
export type DirectoryView = components["schemas"]["DirectoryView"];
export type DomainIn = components["schemas"]["DomainIn"];
export type DomainList = components["schemas"]["DomainList"];
export type DomainView = components["schemas"]["DomainView"];
export type EndReason = components["schemas"]["EndReason"];
export type EntryDetails = components["schemas"]["EntryDetails"];
export type EntryView = components["schemas"]["EntryView"];
export type Event = components["schemas"]["Event"];
export type ExportQuery = components["schemas"]["ExportQuery"];
export type FileColumnsView = components["schemas"]["FileColumnsView"];
export type FileQuery = components["schemas"]["FileQuery"];
export type FirstSteps = components["schemas"]["FirstSteps"];
export type ForwardingChange = components["schemas"]["ForwardingChange"];
export type ForwardingChanged = components["schemas"]["ForwardingChanged"];
export type ForwardingEntry = components["schemas"]["ForwardingEntry"];
export type ForwardingView = components["schemas"]["ForwardingView"];
export type FoundContact = components["schemas"]["FoundContact"];
export type FoundContacts = components["schemas"]["FoundContacts"];
export type HintView = components["schemas"]["HintView"];
export type Hold = components["schemas"]["Hold"];
export type HuntGroupChange = components["schemas"]["HuntGroupChange"];
export type HuntGroupView = components["schemas"]["HuntGroupView"];
export type HuntGroupsChanged = components["schemas"]["HuntGroupsChanged"];
export type HuntGroupsView = components["schemas"]["HuntGroupsView"];
export type ImportEvent = components["schemas"]["ImportEvent"];
export type ImportFaultView = components["schemas"]["ImportFaultView"];
export type ImportList = components["schemas"]["ImportList"];
export type ImportView = components["schemas"]["ImportView"];
export type Installation = components["schemas"]["Installation"];
export type InvitationToken = components["schemas"]["InvitationToken"];
export type InvitationView = components["schemas"]["InvitationView"];
export type InviteMany = components["schemas"]["InviteMany"];
export type Invited = components["schemas"]["Invited"];
export type InvitingTenant = components["schemas"]["InvitingTenant"];
export type InvitingView = components["schemas"]["InvitingView"];
export type JournalEvent = components["schemas"]["JournalEvent"];
export type JournalPage = components["schemas"]["JournalPage"];
export type JournalQuery = components["schemas"]["JournalQuery"];
export type JournalRemoved = components["schemas"]["JournalRemoved"];
export type Kept = components["schemas"]["Kept"];
export type KeyAuthor = components["schemas"]["KeyAuthor"];
export type KeyEvent = components["schemas"]["KeyEvent"];
export type KeyList = components["schemas"]["KeyList"];
export type KeySite = components["schemas"]["KeySite"];
export type KeyView = components["schemas"]["KeyView"];
export type KeysQuery = components["schemas"]["KeysQuery"];
export type LampChanged = components["schemas"]["LampChanged"];
export type LampOfUser = components["schemas"]["LampOfUser"];
export type LdapIn = components["schemas"]["LdapIn"];
export type LdapTest = components["schemas"]["LdapTest"];
export type LdapView = components["schemas"]["LdapView"];
export type Leave = components["schemas"]["Leave"];
export type LeaverForwardingView = components["schemas"]["LeaverForwardingView"];
export type LeaverKeyView = components["schemas"]["LeaverKeyView"];
export type LeaverView = components["schemas"]["LeaverView"];
export type Licences = components["schemas"]["Licences"];
export type LineShape = components["schemas"]["LineShape"];
export type LineView = components["schemas"]["LineView"];
export type LinkConfig = components["schemas"]["LinkConfig"];
export type LinkEdge = components["schemas"]["LinkEdge"];
export type LinkLine = components["schemas"]["LinkLine"];
export type LinkSession = components["schemas"]["LinkSession"];
export type LinkSessionRequest = components["schemas"]["LinkSessionRequest"];
export type LinkSite = components["schemas"]["LinkSite"];
export type LinkTurn = components["schemas"]["LinkTurn"];
export type ListQuery = components["schemas"]["ListQuery"];
export type LoginRequest = components["schemas"]["LoginRequest"];
export type LogoutRequest = components["schemas"]["LogoutRequest"];
export type MadeKey = components["schemas"]["MadeKey"];
export type MadeWebhook = components["schemas"]["MadeWebhook"];
export type MailboxView = components["schemas"]["MailboxView"];
export type Marked = components["schemas"]["Marked"];
export type MeView = components["schemas"]["MeView"];
export type Measured = components["schemas"]["Measured"];
export type Media = components["schemas"]["Media"];
export type MediaAnswer = components["schemas"]["MediaAnswer"];
export type MediaRenegotiate = components["schemas"]["MediaRenegotiate"];
export type MethodsQuery = components["schemas"]["MethodsQuery"];
export type MethodsReply = components["schemas"]["MethodsReply"];
export type MicrosoftAnswer = components["schemas"]["MicrosoftAnswer"];
export type MicrosoftIn = components["schemas"]["MicrosoftIn"];
export type MicrosoftView = components["schemas"]["MicrosoftView"];
export type MonthView = components["schemas"]["MonthView"];
export type Moving = components["schemas"]["Moving"];
export type MwiChanged = components["schemas"]["MwiChanged"];
export type NewAddress = components["schemas"]["NewAddress"];
export type NewKey = components["schemas"]["NewKey"];
export type NewPasskeyRequest = components["schemas"]["NewPasskeyRequest"];
export type NewPerson = components["schemas"]["NewPerson"];
export type NewTenant = components["schemas"]["NewTenant"];
export type NewTestCall = components["schemas"]["NewTestCall"];
export type NewWebhook = components["schemas"]["NewWebhook"];
export type NoBody = components["schemas"]["NoBody"];
export type NotedEntry = components["schemas"]["NotedEntry"];
export type Nothing = components["schemas"]["Nothing"];
export type Notice = components["schemas"]["Notice"];
export type NumberView = components["schemas"]["NumberView"];
export type NumberWish = components["schemas"]["NumberWish"];
export type OffersChanged = components["schemas"]["OffersChanged"];
export type OffersView = components["schemas"]["OffersView"];
export type OperatorDiagnosticsPage = components["schemas"]["OperatorDiagnosticsPage"];
export type OperatorDiagnosticsView = components["schemas"]["OperatorDiagnosticsView"];
export type OverviewCalls = components["schemas"]["OverviewCalls"];
export type OverviewConnector = components["schemas"]["OverviewConnector"];
export type OverviewLicences = components["schemas"]["OverviewLicences"];
export type OverviewQuery = components["schemas"]["OverviewQuery"];
export type OverviewUsers = components["schemas"]["OverviewUsers"];
export type OverviewView = components["schemas"]["OverviewView"];
export type OwnAudience = components["schemas"]["OwnAudience"];
export type OwnDoNotDisturb = components["schemas"]["OwnDoNotDisturb"];
export type OwnNote = components["schemas"]["OwnNote"];
export type OwnPresence = components["schemas"]["OwnPresence"];
export type OwnStatus = components["schemas"]["OwnStatus"];
export type OwnTenant = components["schemas"]["OwnTenant"];
export type OwnTenantChange = components["schemas"]["OwnTenantChange"];
export type PageCapacity = components["schemas"]["PageCapacity"];
export type PageCertificate = components["schemas"]["PageCertificate"];
export type PageInstallation = components["schemas"]["PageInstallation"];
export type PageKey = components["schemas"]["PageKey"];
export type PageLayer = components["schemas"]["PageLayer"];
export type PageLine = components["schemas"]["PageLine"];
export type PageQuery = components["schemas"]["PageQuery"];
export type PageRelease = components["schemas"]["PageRelease"];
export type PageSite = components["schemas"]["PageSite"];
export type PageTrouble = components["schemas"]["PageTrouble"];
export type PageVersions = components["schemas"]["PageVersions"];
export type Participant = components["schemas"]["Participant"];
export type PasskeyName = components["schemas"]["PasskeyName"];
export type PasskeyOptions = components["schemas"]["PasskeyOptions"];
export type PasskeySignIn = components["schemas"]["PasskeySignIn"];
export type PasskeyView = components["schemas"]["PasskeyView"];
export type PasskeysView = components["schemas"]["PasskeysView"];
export type PasswordChange = components["schemas"]["PasswordChange"];
export type PasswordState = components["schemas"]["PasswordState"];
export type PeopleFileQuery = components["schemas"]["PeopleFileQuery"];
export type PeoplePage = components["schemas"]["PeoplePage"];
export type PeoplePresence = components["schemas"]["PeoplePresence"];
export type PeopleQuery = components["schemas"]["PeopleQuery"];
export type PeopleTemplateData = components["schemas"]["PeopleTemplateData"];
export type PeopleTemplateList = components["schemas"]["PeopleTemplateList"];
export type PeopleTemplateView = components["schemas"]["PeopleTemplateView"];
export type PersonEvent = components["schemas"]["PersonEvent"];
export type PersonInvitationView = components["schemas"]["PersonInvitationView"];
export type PersonPresence = components["schemas"]["PersonPresence"];
export type PersonShape = components["schemas"]["PersonShape"];
export type PersonView = components["schemas"]["PersonView"];
export type Phase = components["schemas"]["Phase"];
export type Pickup = components["schemas"]["Pickup"];
export type PickupGone = components["schemas"]["PickupGone"];
export type PickupOffer = components["schemas"]["PickupOffer"];
export type PickupRequest = components["schemas"]["PickupRequest"];
export type Place = components["schemas"]["Place"];
export type PlatformTenant = components["schemas"]["PlatformTenant"];
export type PolicyChange = components["schemas"]["PolicyChange"];
export type PolicyView = components["schemas"]["PolicyView"];
export type PresenceChange = components["schemas"]["PresenceChange"];
export type PresenceChanged = components["schemas"]["PresenceChanged"];
export type PresenceOfUser = components["schemas"]["PresenceOfUser"];
export type ProvenView = components["schemas"]["ProvenView"];
export type Provisioned = components["schemas"]["Provisioned"];
export type ProvisionedUser = components["schemas"]["ProvisionedUser"];
export type ReadReply = components["schemas"]["ReadReply"];
export type ReadRequest = components["schemas"]["ReadRequest"];
export type ReadingView = components["schemas"]["ReadingView"];
export type Reason = components["schemas"]["Reason"];
export type RecoveryCodesView = components["schemas"]["RecoveryCodesView"];
export type RefreshRequest = components["schemas"]["RefreshRequest"];
export type Regenerate = components["schemas"]["Regenerate"];
export type Remote = components["schemas"]["Remote"];
export type ResetFinish = components["schemas"]["ResetFinish"];
export type ResetRequest = components["schemas"]["ResetRequest"];
export type RingOffer = components["schemas"]["RingOffer"];
export type RingStop = components["schemas"]["RingStop"];
export type Rotate = components["schemas"]["Rotate"];
export type Routing = components["schemas"]["Routing"];
export type RoutingChanged = components["schemas"]["RoutingChanged"];
export type RoutingView = components["schemas"]["RoutingView"];
export type RowFaultView = components["schemas"]["RowFaultView"];
export type RowView = components["schemas"]["RowView"];
export type RowsPage = components["schemas"]["RowsPage"];
export type RowsQuery = components["schemas"]["RowsQuery"];
export type ScimGroupView = components["schemas"]["ScimGroupView"];
export type ScimSettingsIn = components["schemas"]["ScimSettingsIn"];
export type ScimSettingsView = components["schemas"]["ScimSettingsView"];
export type SearchQuery = components["schemas"]["SearchQuery"];
export type SecondFactorState = components["schemas"]["SecondFactorState"];
export type SecondStepRequest = components["schemas"]["SecondStepRequest"];
export type SecurityView = components["schemas"]["SecurityView"];
export type Sent = components["schemas"]["Sent"];
export type SentAgain = components["schemas"]["SentAgain"];
export type ServerEvents = components["schemas"]["ServerEvents"];
export type SessionDevice = components["schemas"]["SessionDevice"];
export type SessionEnded = components["schemas"]["SessionEnded"];
export type SessionView = components["schemas"]["SessionView"];
export type SessionsView = components["schemas"]["SessionsView"];
export type SetAudience = components["schemas"]["SetAudience"];
export type SetDoNotDisturb = components["schemas"]["SetDoNotDisturb"];
export type SetNote = components["schemas"]["SetNote"];
export type SetStatus = components["schemas"]["SetStatus"];
export type Settings = components["schemas"]["Settings"];
export type SettingsChanged = components["schemas"]["SettingsChanged"];
export type SettingsView = components["schemas"]["SettingsView"];
export type Shown = components["schemas"]["Shown"];
export type ShownQuery = components["schemas"]["ShownQuery"];
export type SiteCompatibility = components["schemas"]["SiteCompatibility"];
export type SiteData = components["schemas"]["SiteData"];
export type SiteEvent = components["schemas"]["SiteEvent"];
export type SiteView = components["schemas"]["SiteView"];
export type Snapshot = components["schemas"]["Snapshot"];
export type SourceList = components["schemas"]["SourceList"];
export type SourceNumberView = components["schemas"]["SourceNumberView"];
export type SourceTest = components["schemas"]["SourceTest"];
export type SourceView = components["schemas"]["SourceView"];
export type SsoOffer = components["schemas"]["SsoOffer"];
export type Stamp = components["schemas"]["Stamp"];
export type StartQuery = components["schemas"]["StartQuery"];
export type Status = components["schemas"]["Status"];
export type StepUpRequest = components["schemas"]["StepUpRequest"];
export type StreamEnd = components["schemas"]["StreamEnd"];
export type StreamQuery = components["schemas"]["StreamQuery"];
export type Suspension = components["schemas"]["Suspension"];
export type TenantEvents = components["schemas"]["TenantEvents"];
export type TenantHead = components["schemas"]["TenantHead"];
export type TenantPage = components["schemas"]["TenantPage"];
export type TenantView = components["schemas"]["TenantView"];
export type TermsAcceptance = components["schemas"]["TermsAcceptance"];
export type TermsQuery = components["schemas"]["TermsQuery"];
export type TermsText = components["schemas"]["TermsText"];
export type TermsView = components["schemas"]["TermsView"];
export type TestCall = components["schemas"]["TestCall"];
export type TestCallList = components["schemas"]["TestCallList"];
export type TestCallStep = components["schemas"]["TestCallStep"];
export type TestCallsQuery = components["schemas"]["TestCallsQuery"];
export type TestResult = components["schemas"]["TestResult"];
export type TestSent = components["schemas"]["TestSent"];
export type TestStarted = components["schemas"]["TestStarted"];
export type ThisSession = components["schemas"]["ThisSession"];
export type Todo = components["schemas"]["Todo"];
export type TokenReply = components["schemas"]["TokenReply"];
export type TotpView = components["schemas"]["TotpView"];
export type TrailDevice = components["schemas"]["TrailDevice"];
export type TrailView = components["schemas"]["TrailView"];
export type Transfer = components["schemas"]["Transfer"];
export type Translation = components["schemas"]["Translation"];
export type TurnView = components["schemas"]["TurnView"];
export type UnparkRequest = components["schemas"]["UnparkRequest"];
export type UploadQuery = components["schemas"]["UploadQuery"];
export type UsageFileQuery = components["schemas"]["UsageFileQuery"];
export type UsageLicences = components["schemas"]["UsageLicences"];
export type UsageQuery = components["schemas"]["UsageQuery"];
export type UsageView = components["schemas"]["UsageView"];
export type UserView = components["schemas"]["UserView"];
export type VerbRequest = components["schemas"]["VerbRequest"];
export type VerifyReply = components["schemas"]["VerifyReply"];
export type VerifyRequest = components["schemas"]["VerifyRequest"];
export type VoicemailView = components["schemas"]["VoicemailView"];
export type WebhookList = components["schemas"]["WebhookList"];
export type WebhookView = components["schemas"]["WebhookView"];
export type Words = components["schemas"]["Words"];
export type Problem = components["schemas"]["Problem"];
export type HeaderRateLimitPolicy = components["headers"]["RateLimit-Policy"];
export type HeaderRateLimit = components["headers"]["RateLimit"];
export type $defs = Record<string, never>;
export interface operations {
  login_login: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["LoginRequest"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TokenReply"];
        };
      };
    };
  };
  login_second_step: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["SecondStepRequest"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TokenReply"];
        };
      };
    };
  };
  login_refresh: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["RefreshRequest"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TokenReply"];
        };
      };
    };
  };
  login_logout: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["LogoutRequest"];
      };
    };
    responses: {
      /** @description done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  secondfactor_begin: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["NoBody"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TotpView"];
        };
      };
    };
  };
  secondfactor_remove: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  secondfactor_confirm: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["CodeRequest"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["RecoveryCodesView"];
        };
      };
    };
  };
  secondfactor_recovery_codes: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["NoBody"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["RecoveryCodesView"];
        };
      };
    };
  };
  passkeys_begin_sign_in: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["NoBody"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PasskeyOptions"];
        };
      };
    };
  };
  passkeys_finish_sign_in: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["PasskeySignIn"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TokenReply"];
        };
      };
    };
  };
  passkeys_passkeys: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PasskeysView"];
        };
      };
    };
  };
  passkeys_add: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["NewPasskeyRequest"];
      };
    };
    responses: {
      /** @description done */
      201: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PasskeyView"];
        };
      };
    };
  };
  passkeys_begin: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["NoBody"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PasskeyOptions"];
        };
      };
    };
  };
  passkeys_remove: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  passkeys_rename: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["PasskeyName"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PasskeyView"];
        };
      };
    };
  };
  passwords_change: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["PasswordChange"];
      };
    };
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  passwords_ask_reset: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ResetRequest"];
      };
    };
    responses: {
      /** @description done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  passwords_finish_reset: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ResetFinish"];
      };
    };
    responses: {
      /** @description done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  invitations_show: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["InvitationToken"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["InvitationView"];
        };
      };
    };
  };
  invitations_passkey: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["InvitationToken"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PasskeyOptions"];
        };
      };
    };
  };
  invitations_accept: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["Acceptance"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TokenReply"];
        };
      };
    };
  };
  emailchange_begin: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["NewAddress"];
      };
    };
    responses: {
      /** @description done */
      202: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CodeSent"];
        };
      };
    };
  };
  emailchange_confirm: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["Confirmation"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AddressView"];
        };
      };
    };
  };
  sessions_sessions: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SessionsView"];
        };
      };
    };
  };
  sessions_end_others: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  sessions_end: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  sessions_security: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SecurityView"];
        };
      };
    };
  };
  sessions_step_up: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["StepUpRequest"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ProvenView"];
        };
      };
    };
  };
  signinpolicy_read: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PolicyView"];
        };
      };
    };
  };
  signinpolicy_change: {
    parameters: {
      query?: never;
      header: {
        /** @description the ETag of what was read */
        "If-Match": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["PolicyChange"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PolicyView"];
        };
      };
    };
  };
  users_me: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["MeView"];
        };
      };
    };
  };
  users_settings: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SettingsView"];
        };
      };
    };
  };
  users_change_settings: {
    parameters: {
      query?: never;
      header: {
        /** @description the ETag of what was read */
        "If-Match": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["Settings"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SettingsView"];
        };
      };
    };
  };
  devices_list: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DevicesView"];
        };
      };
    };
  };
  directory_search: {
    parameters: {
      query?: {
        q?: string;
        cursor?: string | null;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DirectoryPage"];
        };
      };
    };
  };
  contacts_list: {
    parameters: {
      query?: {
        q?: string;
        of?: "all" | "mine" | "company";
        cursor?: string | null;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ContactsPage"];
        };
      };
    };
  };
  contacts_create: {
    parameters: {
      query?: never;
      header?: {
        /** @description the same key has one effect for 24 hours */
        "Idempotency-Key"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ContactWish"];
      };
    };
    responses: {
      /** @description done */
      201: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ContactView"];
        };
      };
    };
  };
  contacts_import_file: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example email,name,number
         *     anna@example.com,Anna König,101
         */
        "text/csv": string;
        /**
         * @example BEGIN:VCARD
         *     VERSION:4.0
         *     FN:Anna König
         *     TEL:+4989123456
         *     END:VCARD
         */
        "text/vcard": string;
        "text/x-vcard": string;
        "text/plain": string;
        "application/vnd.ms-excel": string;
        "application/octet-stream": string;
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ContactsImported"];
        };
      };
    };
  };
  contacts_get: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ContactView"];
        };
      };
    };
  };
  contacts_change: {
    parameters: {
      query?: never;
      header: {
        /** @description the ETag of what was read */
        "If-Match": string;
      };
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ContactWish"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ContactView"];
        };
      };
    };
  };
  contacts_delete: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  sharedcontacts_list: {
    parameters: {
      query?: {
        q?: string;
        of?: "all" | "mine" | "company";
        cursor?: string | null;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ContactsPage"];
        };
      };
    };
  };
  sharedcontacts_create: {
    parameters: {
      query?: never;
      header?: {
        /** @description the same key has one effect for 24 hours */
        "Idempotency-Key"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ContactWish"];
      };
    };
    responses: {
      /** @description done */
      201: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ContactView"];
        };
      };
    };
  };
  sharedcontacts_import_file: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example email,name,number
         *     anna@example.com,Anna König,101
         */
        "text/csv": string;
        /**
         * @example BEGIN:VCARD
         *     VERSION:4.0
         *     FN:Anna König
         *     TEL:+4989123456
         *     END:VCARD
         */
        "text/vcard": string;
        "text/x-vcard": string;
        "text/plain": string;
        "application/vnd.ms-excel": string;
        "application/octet-stream": string;
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ContactsImported"];
        };
      };
    };
  };
  sharedcontacts_change: {
    parameters: {
      query?: never;
      header: {
        /** @description the ETag of what was read */
        "If-Match": string;
      };
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ContactWish"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ContactView"];
        };
      };
    };
  };
  sharedcontacts_delete: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  contactsources_search: {
    parameters: {
      query?: {
        q?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["FoundContacts"];
        };
      };
    };
  };
  contactsources_list: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SourceList"];
        };
      };
    };
  };
  contactsources_connect: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["NoBody"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ConnectStarted"];
        };
      };
    };
  };
  contactsources_callback: {
    parameters: {
      query?: {
        state?: string;
        code?: string;
        error?: string;
        error_description?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      303: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  contactsources_disconnect: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  contactsourcesadmin_ldap: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["LdapView"];
        };
      };
    };
  };
  contactsourcesadmin_change_ldap: {
    parameters: {
      query?: never;
      header: {
        /** @description the ETag of what was read */
        "If-Match": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["LdapIn"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["LdapView"];
        };
      };
    };
  };
  contactsourcesadmin_remove_ldap: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  contactsourcesadmin_test_ldap: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["LdapTest"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SourceTest"];
        };
      };
    };
  };
  contactsourcesadmin_microsoft: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["MicrosoftView"];
        };
      };
    };
  };
  contactsourcesadmin_change_microsoft: {
    parameters: {
      query?: never;
      header: {
        /** @description the ETag of what was read */
        "If-Match": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["MicrosoftIn"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["MicrosoftView"];
        };
      };
    };
  };
  contactsourcesadmin_remove_microsoft: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  contactsourcesadmin_test_microsoft: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["NoBody"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SourceTest"];
        };
      };
    };
  };
  journal_page: {
    parameters: {
      query?: {
        show?: "all" | "missed" | "incoming" | "outgoing";
        q?: string;
        cursor?: string | null;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["JournalPage"];
        };
      };
    };
  };
  journal_delete_all: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  journal_export: {
    parameters: {
      query?: {
        separator?: "comma" | "semicolon";
        time_zone?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "text/csv": string;
        };
      };
    };
  };
  journal_details: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["EntryDetails"];
        };
      };
    };
  };
  journal_delete: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  journal_read: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["ReadRequest"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ReadReply"];
        };
      };
    };
  };
  routing_routing: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["RoutingView"];
        };
      };
    };
  };
  routing_change: {
    parameters: {
      query?: never;
      header: {
        /** @description the ETag of what was read */
        "If-Match": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["Routing"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["RoutingView"];
        };
      };
    };
  };
  forwarding_forwarding: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ForwardingView"];
        };
      };
    };
  };
  forwarding_change: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example kind */
        kind: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ForwardingChange"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ForwardingView"];
        };
      };
    };
  };
  huntgroups_groups: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["HuntGroupsView"];
        };
      };
    };
  };
  huntgroups_change: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 101 */
        number: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["HuntGroupChange"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["HuntGroupsView"];
        };
      };
    };
  };
  alternativenumber_alternative: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AlternativeView"];
        };
      };
    };
  };
  alternativenumber_change: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["AlternativeChange"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AlternativeView"];
        };
      };
    };
  };
  offers_offers: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["OffersView"];
        };
      };
    };
  };
  voicemail_voicemail: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["VoicemailView"];
        };
      };
    };
  };
  presence_own: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["OwnPresence"];
        };
      };
    };
  };
  presence_change: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["PresenceChange"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["OwnPresence"];
        };
      };
    };
  };
  presence_people: {
    parameters: {
      query?: {
        user_ids?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PeoplePresence"];
        };
      };
    };
  };
  calls_list: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CallsView"];
        };
      };
    };
  };
  calls_dial: {
    parameters: {
      query?: never;
      header?: {
        /** @description the same key has one effect for 24 hours */
        "Idempotency-Key"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["DialRequest"];
      };
    };
    responses: {
      /** @description done */
      202: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CommandView"];
        };
      };
    };
  };
  calls_pickup: {
    parameters: {
      query?: never;
      header?: {
        /** @description the same key has one effect for 24 hours */
        "Idempotency-Key"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["PickupRequest"];
      };
    };
    responses: {
      /** @description done */
      202: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CommandView"];
        };
      };
    };
  };
  calls_unpark: {
    parameters: {
      query?: never;
      header?: {
        /** @description the same key has one effect for 24 hours */
        "Idempotency-Key"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["UnparkRequest"];
      };
    };
    responses: {
      /** @description done */
      202: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CommandView"];
        };
      };
    };
  };
  calls_command: {
    parameters: {
      query?: never;
      header?: {
        /** @description the same key has one effect for 24 hours */
        "Idempotency-Key"?: string;
      };
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
        /** @example transfer */
        verb: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["VerbRequest"];
      };
    };
    responses: {
      /** @description done */
      202: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CommandView"];
        };
      };
    };
  };
  callcontrol_list: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CallsOfUser"];
        };
      };
    };
  };
  callcontrol_dial: {
    parameters: {
      query?: never;
      header?: {
        /** @description the same key has one effect for 24 hours */
        "Idempotency-Key"?: string;
      };
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["DialForUser"];
      };
    };
    responses: {
      /** @description done */
      202: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CommandView"];
        };
      };
    };
  };
  callcontrol_command: {
    parameters: {
      query?: never;
      header?: {
        /** @description the same key has one effect for 24 hours */
        "Idempotency-Key"?: string;
      };
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        call: string;
        /** @example transfer */
        verb: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["CommandForUser"];
      };
    };
    responses: {
      /** @description done */
      202: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CommandView"];
        };
      };
    };
  };
  eventstream_read: {
    parameters: {
      query?: {
        /** @example call.created,call.ended */
        types?: string | null;
        user_id?: string | null;
      };
      header?: {
        /** @description the last event that you have seen: go on after it */
        "Last-Event-ID"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "text/event-stream": string;
        };
      };
    };
  };
  turncredentials_issue: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TurnView"];
        };
      };
    };
  };
  connectors_session: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["LinkSessionRequest"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["LinkSession"];
        };
      };
    };
  };
  connectors_config: {
    parameters: {
      query?: {
        since?: number | null;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["LinkConfig"];
        };
      };
      /** @description nothing to tell */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  people_page: {
    parameters: {
      query?: {
        q?: string;
        state?: ("new" | "invited" | "active" | "disabled") | null;
        role?: string | null;
        site?: string | null;
        sort?: "name" | "-name" | "number" | "-number" | "last_sign_in" | "-last_sign_in";
        cursor?: string | null;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PeoplePage"];
        };
      };
    };
  };
  people_create: {
    parameters: {
      query?: never;
      header?: {
        /** @description the same key has one effect for 24 hours */
        "Idempotency-Key"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["NewPerson"];
      };
    };
    responses: {
      /** @description done */
      201: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AdminPersonView"];
        };
      };
    };
  };
  people_export: {
    parameters: {
      query?: {
        separator?: "comma" | "semicolon";
        time_zone?: string;
        q?: string;
        state?: ("new" | "invited" | "active" | "disabled") | null;
        role?: string | null;
        site?: string | null;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "text/csv": string;
        };
      };
    };
  };
  chosenpeople_export: {
    parameters: {
      query?: {
        separator?: "comma" | "semicolon";
        time_zone?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ChosenPeople"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "text/csv": string;
        };
      };
    };
  };
  people_inviting: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["InvitingView"];
        };
      };
    };
  };
  people_invite_many: {
    parameters: {
      query?: never;
      header?: {
        /** @description the same key has one effect for 24 hours */
        "Idempotency-Key"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["InviteMany"];
      };
    };
    responses: {
      /** @description done */
      202: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["InvitingView"];
        };
      };
    };
  };
  people_stop_inviting: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["InvitingView"];
        };
      };
    };
  };
  people_one: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AdminPersonView"];
        };
      };
    };
  };
  people_change: {
    parameters: {
      query?: never;
      header: {
        /** @description the ETag of what was read */
        "If-Match": string;
      };
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["PersonShape"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AdminPersonView"];
        };
      };
    };
  };
  people_erase: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["Reason"];
      };
    };
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  people_disable: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["Reason"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AdminPersonView"];
        };
      };
    };
  };
  people_enable: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AdminPersonView"];
        };
      };
    };
  };
  people_sign_out: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  people_remove_second_factor: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["Reason"];
      };
    };
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  people_invite: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Sent"];
        };
      };
    };
  };
  people_withdraw: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  people_reset_password: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Sent"];
        };
      };
    };
  };
  people_leaver: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["LeaverView"];
        };
      };
    };
  };
  people_leave: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["Leave"];
      };
    };
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  people_provision: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ProvisionedUser"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Provisioned"];
        };
      };
    };
  };
  people_unprovision: {
    parameters: {
      query: {
        /** @example anna@example.com */
        email: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  peopletemplates_page: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PeopleTemplateList"];
        };
      };
    };
  };
  peopletemplates_create: {
    parameters: {
      query?: never;
      header?: {
        /** @description the same key has one effect for 24 hours */
        "Idempotency-Key"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["PeopleTemplateData"];
      };
    };
    responses: {
      /** @description done */
      201: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PeopleTemplateView"];
        };
      };
    };
  };
  peopletemplates_one: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PeopleTemplateView"];
        };
      };
    };
  };
  peopletemplates_change: {
    parameters: {
      query?: never;
      header: {
        /** @description the ETag of what was read */
        "If-Match": string;
      };
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["PeopleTemplateData"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PeopleTemplateView"];
        };
      };
    };
  };
  peopletemplates_remove: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  imports_list: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ImportList"];
        };
      };
    };
  };
  imports_upload: {
    parameters: {
      query?: {
        filename?: string;
        site?: string;
        template?: string;
        encoding?: "auto" | "utf-8" | "utf-16" | "cp1252";
        separator?: "auto" | "semicolon" | "comma" | "tab";
        mapping?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example email,name,number
         *     anna@example.com,Anna König,101
         */
        "text/csv": string;
        /**
         * @example {
         *       "format": "offhook-people",
         *       "version": 1,
         *       "people": [
         *         {
         *           "email": "anna@example.com",
         *           "name": "Anna König",
         *           "number": "101"
         *         }
         *       ]
         *     }
         */
        "application/json": Record<string, never>;
        "text/plain": string;
        "application/vnd.ms-excel": string;
        "application/octet-stream": string;
      };
    };
    responses: {
      /** @description done */
      202: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ImportView"];
        };
      };
    };
  };
  imports_columns: {
    parameters: {
      query?: {
        encoding?: "auto" | "utf-8" | "utf-16" | "cp1252";
        separator?: "auto" | "semicolon" | "comma" | "tab";
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example email,name,number
         *     anna@example.com,Anna König,101
         */
        "text/csv": string;
        /**
         * @example {
         *       "format": "offhook-people",
         *       "version": 1,
         *       "people": [
         *         {
         *           "email": "anna@example.com",
         *           "name": "Anna König",
         *           "number": "101"
         *         }
         *       ]
         *     }
         */
        "application/json": Record<string, never>;
        "text/plain": string;
        "application/vnd.ms-excel": string;
        "application/octet-stream": string;
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["FileColumnsView"];
        };
      };
    };
  };
  imports_get: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ImportView"];
        };
      };
    };
  };
  imports_delete: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  imports_rows: {
    parameters: {
      query?: {
        action?: ("create" | "update" | "unchanged" | "error") | null;
        state?: ("new" | "planned" | "applied" | "failed" | "undone" | "kept") | null;
        cursor?: string | null;
        limit?: number;
      };
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["RowsPage"];
        };
      };
    };
  };
  imports_apply: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["Apply"];
      };
    };
    responses: {
      /** @description done */
      202: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ImportView"];
        };
      };
    };
  };
  imports_undo: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      202: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ImportView"];
        };
      };
    };
  };
  apikeys_keys: {
    parameters: {
      query?: {
        cursor?: string | null;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["KeyList"];
        };
      };
    };
  };
  apikeys_create: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["NewKey"];
      };
    };
    responses: {
      /** @description done */
      201: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["MadeKey"];
        };
      };
    };
  };
  apikeys_regenerate: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["Regenerate"];
      };
    };
    responses: {
      /** @description done */
      201: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["MadeKey"];
        };
      };
    };
  };
  apikeys_revoke: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  sites_sites: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AdminSiteList"];
        };
      };
    };
  };
  sites_create: {
    parameters: {
      query?: never;
      header?: {
        /** @description the same key has one effect for 24 hours */
        "Idempotency-Key"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["SiteData"];
      };
    };
    responses: {
      /** @description done */
      201: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AdminSiteView"];
        };
      };
    };
  };
  sites_site: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AdminSiteView"];
        };
      };
    };
  };
  sites_change: {
    parameters: {
      query?: never;
      header: {
        /** @description the ETag of what was read */
        "If-Match": string;
      };
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["SiteData"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AdminSiteView"];
        };
      };
    };
  };
  sites_remove: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  connectorpage_page: {
    parameters: {
      query?: never;
      header?: {
        /** @description the ETag of what was read: 304 while it is the same */
        "If-None-Match"?: string;
      };
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ConnectorPage"];
        };
      };
    };
  };
  connectorpage_install: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Installation"];
        };
      };
    };
  };
  connectorpage_config_file: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/toml": string;
        };
      };
    };
  };
  testcalls_calls: {
    parameters: {
      query?: {
        cursor?: string | null;
      };
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TestCallList"];
        };
      };
    };
  };
  testcalls_place: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["NewTestCall"];
      };
    };
    responses: {
      /** @description done */
      202: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TestCall"];
        };
      };
    };
  };
  testcalls_call: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        call: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TestCall"];
        };
      };
    };
  };
  audit_page: {
    parameters: {
      query?: {
        who?: string;
        action?: string;
        target?: string;
        target_id?: string;
        since?: string | null;
        until?: string | null;
        cursor?: string | null;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AuditPage"];
        };
      };
    };
  };
  audit_file: {
    parameters: {
      query?: {
        separator?: "comma" | "semicolon";
        time_zone?: string;
        who?: string;
        action?: string;
        target?: string;
        target_id?: string;
        since?: string | null;
        until?: string | null;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "text/csv": string;
        };
      };
    };
  };
  audit_verify: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["VerifyRequest"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["VerifyReply"];
        };
      };
    };
  };
  diagnostics_send: {
    parameters: {
      query?: never;
      header?: {
        /** @description the same key has one effect for 24 hours */
        "Idempotency-Key"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["DiagnosticsSent"];
      };
    };
    responses: {
      /** @description done */
      201: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DiagnosticsTaken"];
        };
      };
    };
  };
  diagnostics_page: {
    parameters: {
      query?: {
        cursor?: string | null;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DiagnosticsPage"];
        };
      };
    };
  };
  diagnostics_file: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          /** @example text */
          "application/json": string;
        };
      };
    };
  };
  diagnostics_operators_page: {
    parameters: {
      query?: {
        cursor?: string | null;
        limit?: number;
      };
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["OperatorDiagnosticsPage"];
        };
      };
    };
  };
  diagnostics_operators_file: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        bundle: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          /** @example text */
          "application/json": string;
        };
      };
    };
  };
  operator_list: {
    parameters: {
      query?: {
        q?: string;
        status?: ("invited" | "active" | "suspended" | "deleting") | null;
        cursor?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TenantPage"];
        };
      };
    };
  };
  operator_create: {
    parameters: {
      query?: never;
      header?: {
        /** @description the same key has one effect for 24 hours */
        "Idempotency-Key"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["NewTenant"];
      };
    };
    responses: {
      /** @description done */
      201: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Invited"];
        };
      };
    };
  };
  operator_one: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PlatformTenant"];
        };
      };
    };
  };
  operator_invite_admin: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["AdminInvitation"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Invited"];
        };
      };
    };
  };
  operator_quotas: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["Agreement"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PlatformTenant"];
        };
      };
    };
  };
  operator_suspend: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        "application/json": components["schemas"]["Suspension"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PlatformTenant"];
        };
      };
    };
  };
  operator_resume: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PlatformTenant"];
        };
      };
    };
  };
  operator_delete: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["Deletion"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PlatformTenant"];
        };
      };
    };
  };
  tenant_overview: {
    parameters: {
      query?: {
        time_zone?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["OverviewView"];
        };
      };
    };
  };
  tenant_read: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["OwnTenant"];
        };
      };
    };
  };
  tenant_change: {
    parameters: {
      query?: never;
      header: {
        /** @description the ETag of what was read */
        "If-Match": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["OwnTenantChange"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["OwnTenant"];
        };
      };
    };
  };
  tenant_export: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/zip": string;
        };
      };
    };
  };
  tenant_delete: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["Deletion"];
      };
    };
    responses: {
      /** @description done */
      202: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Marked"];
        };
      };
    };
  };
  terms_read: {
    parameters: {
      query?: {
        language?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TermsText"];
        };
      };
    };
  };
  terms_accept: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["TermsAcceptance"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["OwnTenant"];
        };
      };
    };
  };
  announcements_shown: {
    parameters: {
      query?: {
        language?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AnnouncementList"];
        };
      };
    };
  };
  announcements_own: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AnnouncementPage"];
        };
      };
    };
  };
  announcements_create: {
    parameters: {
      query?: never;
      header?: {
        /** @description the same key has one effect for 24 hours */
        "Idempotency-Key"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["AnnouncementWish"];
      };
    };
    responses: {
      /** @description done */
      201: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AnnouncementEdit"];
        };
      };
    };
  };
  announcements_change: {
    parameters: {
      query?: never;
      header: {
        /** @description the ETag of what was read */
        "If-Match": string;
      };
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["AnnouncementWish"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AnnouncementEdit"];
        };
      };
    };
  };
  announcements_remove: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  announcements_platforms: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AnnouncementPage"];
        };
      };
    };
  };
  announcements_create_for_all: {
    parameters: {
      query?: never;
      header?: {
        /** @description the same key has one effect for 24 hours */
        "Idempotency-Key"?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["AnnouncementWish"];
      };
    };
    responses: {
      /** @description done */
      201: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AnnouncementEdit"];
        };
      };
    };
  };
  announcements_change_for_all: {
    parameters: {
      query?: never;
      header: {
        /** @description the ETag of what was read */
        "If-Match": string;
      };
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["AnnouncementWish"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AnnouncementEdit"];
        };
      };
    };
  };
  announcements_remove_for_all: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  usage_usage: {
    parameters: {
      query?: {
        from?: string;
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["UsageView"];
        };
      };
    };
  };
  usage_usage_file: {
    parameters: {
      query?: {
        separator?: "comma" | "semicolon";
        time_zone?: string;
        from?: string;
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "text/csv": string;
        };
      };
    };
  };
  usage_usage_of_all: {
    parameters: {
      query?: {
        separator?: "comma" | "semicolon";
        time_zone?: string;
        from?: string;
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "text/csv": string;
        };
      };
    };
  };
  sso_methods: {
    parameters: {
      query?: {
        email?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["MethodsReply"];
        };
      };
    };
  };
  sso_start: {
    parameters: {
      query?: {
        to?: "app" | "admin";
        email?: string;
        device?: string;
        device_name?: string;
        test?: string;
        fresh?: boolean;
      };
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      303: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  sso_callback: {
    parameters: {
      query?: {
        state?: string;
        code?: string;
        error?: string;
        error_description?: string;
        iss?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      303: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  ssoadmin_all: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ConnectionList"];
        };
      };
    };
  };
  ssoadmin_create: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ConnectionIn"];
      };
    };
    responses: {
      /** @description done */
      201: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ConnectionView"];
        };
      };
    };
  };
  ssoadmin_one: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ConnectionView"];
        };
      };
    };
  };
  ssoadmin_change: {
    parameters: {
      query?: never;
      header: {
        /** @description the ETag of what was read */
        "If-Match": string;
      };
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ConnectionIn"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ConnectionView"];
        };
      };
    };
  };
  ssoadmin_remove: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  ssoadmin_test: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TestStarted"];
        };
      };
    };
  };
  ssoadmin_forget_account: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        user_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  ssoadmin_domains: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DomainList"];
        };
      };
    };
  };
  ssoadmin_add_domain: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["DomainIn"];
      };
    };
    responses: {
      /** @description done */
      201: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DomainView"];
        };
      };
    };
  };
  ssoadmin_check_domain: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DomainView"];
        };
      };
    };
  };
  ssoadmin_remove_domain: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  ssoadmin_confirm_domain: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ConfirmIn"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DomainView"];
        };
      };
    };
  };
  directorysignin_directory: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DirectoryView"];
        };
      };
    };
  };
  directorysignin_change: {
    parameters: {
      query?: never;
      header: {
        /** @description the ETag of what was read */
        "If-Match": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["DirectoryIn"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DirectoryView"];
        };
      };
    };
  };
  directorysignin_test: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["DirectoryTest"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TestResult"];
        };
      };
    };
  };
  scimadmin_settings: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ScimSettingsView"];
        };
      };
    };
  };
  scimadmin_change: {
    parameters: {
      query?: never;
      header: {
        /** @description the ETag of what was read */
        "If-Match": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ScimSettingsIn"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ScimSettingsView"];
        };
      };
    };
  };
  webhooks_webhooks: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["WebhookList"];
        };
      };
    };
  };
  webhooks_create: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["NewWebhook"];
      };
    };
    responses: {
      /** @description done */
      201: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["MadeWebhook"];
        };
      };
    };
  };
  webhooks_webhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["WebhookView"];
        };
      };
    };
  };
  webhooks_change: {
    parameters: {
      query?: never;
      header: {
        /** @description the ETag of what was read */
        "If-Match": string;
      };
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ChangedWebhook"];
      };
    };
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["WebhookView"];
        };
      };
    };
  };
  webhooks_remove: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      204: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  webhooks_rotate: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["Rotate"];
      };
    };
    responses: {
      /** @description done */
      201: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["MadeWebhook"];
        };
      };
    };
  };
  webhooks_test: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      202: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DeliveryView"];
        };
      };
    };
  };
  webhooks_deliveries: {
    parameters: {
      query?: {
        state?: ("waiting" | "delivered" | "dead") | null;
        cursor?: string | null;
        limit?: number;
      };
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DeliveryPage"];
        };
      };
    };
  };
  webhooks_send_all_again: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      200: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SentAgain"];
        };
      };
    };
  };
  webhooks_send_again: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        id: string;
        /** @example 01948a5d-ac96-774b-bcce-b302099a8057 */
        delivery: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description done */
      202: {
        headers: {
          "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
          RateLimit: components["headers"]["RateLimit"];
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DeliveryView"];
        };
      };
    };
  };
  on_call_ringing: {
    parameters: {
      query?: never;
      header: {
        /** @description the same for every attempt; what was seen before is a repeat */
        "webhook-id": string;
        /** @description seconds since 1970 of this attempt; refuse what is older than minutes */
        "webhook-timestamp": string;
        /** @description v1,<base64 of HMAC-SHA256 over id.timestamp.body>, one or two of them */
        "webhook-signature": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "call.ringing",
         *       "version": 1,
         *       "timestamp": "2026-01-02T10:00:00Z",
         *       "tenant_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *       "data": {
         *         "call_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *         "user_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *         "direction": "in",
         *         "number": "101",
         *         "started_at": "2026-01-02T10:00:00Z"
         *       }
         *     }
         */
        "application/json": {
          /** @constant */
          type: "call.ringing";
          /** @constant */
          version: 1;
          /**
           * Format: date-time
           * @description when it happened
           */
          timestamp: string;
          tenant_id: string;
          data: components["schemas"]["CallBegun"];
        };
      };
    };
    responses: {
      /** @description the webhook is stopped at once */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description taken; whatever is in the answer is not read */
      "2XX": {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description not taken: it is sent again later */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  on_call_dialling: {
    parameters: {
      query?: never;
      header: {
        /** @description the same for every attempt; what was seen before is a repeat */
        "webhook-id": string;
        /** @description seconds since 1970 of this attempt; refuse what is older than minutes */
        "webhook-timestamp": string;
        /** @description v1,<base64 of HMAC-SHA256 over id.timestamp.body>, one or two of them */
        "webhook-signature": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "call.dialling",
         *       "version": 1,
         *       "timestamp": "2026-01-02T10:00:00Z",
         *       "tenant_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *       "data": {
         *         "call_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *         "user_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *         "direction": "in",
         *         "number": "101",
         *         "started_at": "2026-01-02T10:00:00Z"
         *       }
         *     }
         */
        "application/json": {
          /** @constant */
          type: "call.dialling";
          /** @constant */
          version: 1;
          /**
           * Format: date-time
           * @description when it happened
           */
          timestamp: string;
          tenant_id: string;
          data: components["schemas"]["CallBegun"];
        };
      };
    };
    responses: {
      /** @description the webhook is stopped at once */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description taken; whatever is in the answer is not read */
      "2XX": {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description not taken: it is sent again later */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  on_call_answered: {
    parameters: {
      query?: never;
      header: {
        /** @description the same for every attempt; what was seen before is a repeat */
        "webhook-id": string;
        /** @description seconds since 1970 of this attempt; refuse what is older than minutes */
        "webhook-timestamp": string;
        /** @description v1,<base64 of HMAC-SHA256 over id.timestamp.body>, one or two of them */
        "webhook-signature": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "call.answered",
         *       "version": 1,
         *       "timestamp": "2026-01-02T10:00:00Z",
         *       "tenant_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *       "data": {
         *         "call_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *         "user_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *         "direction": "in",
         *         "number": "101",
         *         "started_at": "2026-01-02T10:00:00Z",
         *         "answered_at": "2026-01-02T10:00:00Z"
         *       }
         *     }
         */
        "application/json": {
          /** @constant */
          type: "call.answered";
          /** @constant */
          version: 1;
          /**
           * Format: date-time
           * @description when it happened
           */
          timestamp: string;
          tenant_id: string;
          data: components["schemas"]["CallAnswered"];
        };
      };
    };
    responses: {
      /** @description the webhook is stopped at once */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description taken; whatever is in the answer is not read */
      "2XX": {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description not taken: it is sent again later */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  on_call_ended: {
    parameters: {
      query?: never;
      header: {
        /** @description the same for every attempt; what was seen before is a repeat */
        "webhook-id": string;
        /** @description seconds since 1970 of this attempt; refuse what is older than minutes */
        "webhook-timestamp": string;
        /** @description v1,<base64 of HMAC-SHA256 over id.timestamp.body>, one or two of them */
        "webhook-signature": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "call.ended",
         *       "version": 1,
         *       "timestamp": "2026-01-02T10:00:00Z",
         *       "tenant_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *       "data": {
         *         "call_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *         "user_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *         "direction": "in",
         *         "number": "101",
         *         "started_at": "2026-01-02T10:00:00Z",
         *         "outcome": "outcome",
         *         "reason": "the number belongs to somebody else",
         *         "answered_at": "2026-01-02T10:00:00Z",
         *         "ended_at": "2026-01-02T10:00:00Z",
         *         "duration_ms": 1
         *       }
         *     }
         */
        "application/json": {
          /** @constant */
          type: "call.ended";
          /** @constant */
          version: 1;
          /**
           * Format: date-time
           * @description when it happened
           */
          timestamp: string;
          tenant_id: string;
          data: components["schemas"]["CallOver"];
        };
      };
    };
    responses: {
      /** @description the webhook is stopped at once */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description taken; whatever is in the answer is not read */
      "2XX": {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description not taken: it is sent again later */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  on_call_missed: {
    parameters: {
      query?: never;
      header: {
        /** @description the same for every attempt; what was seen before is a repeat */
        "webhook-id": string;
        /** @description seconds since 1970 of this attempt; refuse what is older than minutes */
        "webhook-timestamp": string;
        /** @description v1,<base64 of HMAC-SHA256 over id.timestamp.body>, one or two of them */
        "webhook-signature": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "call.missed",
         *       "version": 1,
         *       "timestamp": "2026-01-02T10:00:00Z",
         *       "tenant_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *       "data": {
         *         "call_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *         "user_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *         "direction": "in",
         *         "number": "101",
         *         "started_at": "2026-01-02T10:00:00Z",
         *         "outcome": "outcome",
         *         "reason": "the number belongs to somebody else",
         *         "answered_at": "2026-01-02T10:00:00Z",
         *         "ended_at": "2026-01-02T10:00:00Z",
         *         "duration_ms": 1
         *       }
         *     }
         */
        "application/json": {
          /** @constant */
          type: "call.missed";
          /** @constant */
          version: 1;
          /**
           * Format: date-time
           * @description when it happened
           */
          timestamp: string;
          tenant_id: string;
          data: components["schemas"]["CallOver"];
        };
      };
    };
    responses: {
      /** @description the webhook is stopped at once */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description taken; whatever is in the answer is not read */
      "2XX": {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description not taken: it is sent again later */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  on_voicemail_changed: {
    parameters: {
      query?: never;
      header: {
        /** @description the same for every attempt; what was seen before is a repeat */
        "webhook-id": string;
        /** @description seconds since 1970 of this attempt; refuse what is older than minutes */
        "webhook-timestamp": string;
        /** @description v1,<base64 of HMAC-SHA256 over id.timestamp.body>, one or two of them */
        "webhook-signature": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "voicemail.changed",
         *       "version": 1,
         *       "timestamp": "2026-01-02T10:00:00Z",
         *       "tenant_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *       "data": {
         *         "user_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *         "waiting": true,
         *         "new": 1,
         *         "old": 1
         *       }
         *     }
         */
        "application/json": {
          /** @constant */
          type: "voicemail.changed";
          /** @constant */
          version: 1;
          /**
           * Format: date-time
           * @description when it happened
           */
          timestamp: string;
          tenant_id: string;
          data: components["schemas"]["LampChanged"];
        };
      };
    };
    responses: {
      /** @description the webhook is stopped at once */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description taken; whatever is in the answer is not read */
      "2XX": {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description not taken: it is sent again later */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  on_connector_up: {
    parameters: {
      query?: never;
      header: {
        /** @description the same for every attempt; what was seen before is a repeat */
        "webhook-id": string;
        /** @description seconds since 1970 of this attempt; refuse what is older than minutes */
        "webhook-timestamp": string;
        /** @description v1,<base64 of HMAC-SHA256 over id.timestamp.body>, one or two of them */
        "webhook-signature": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "connector.up",
         *       "version": 1,
         *       "timestamp": "2026-01-02T10:00:00Z",
         *       "tenant_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *       "data": {
         *         "site_id": "01948a5d-ac96-774b-bcce-b302099a8057"
         *       }
         *     }
         */
        "application/json": {
          /** @constant */
          type: "connector.up";
          /** @constant */
          version: 1;
          /**
           * Format: date-time
           * @description when it happened
           */
          timestamp: string;
          tenant_id: string;
          data: components["schemas"]["SiteEvent"];
        };
      };
    };
    responses: {
      /** @description the webhook is stopped at once */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description taken; whatever is in the answer is not read */
      "2XX": {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description not taken: it is sent again later */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  on_connector_down: {
    parameters: {
      query?: never;
      header: {
        /** @description the same for every attempt; what was seen before is a repeat */
        "webhook-id": string;
        /** @description seconds since 1970 of this attempt; refuse what is older than minutes */
        "webhook-timestamp": string;
        /** @description v1,<base64 of HMAC-SHA256 over id.timestamp.body>, one or two of them */
        "webhook-signature": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "connector.down",
         *       "version": 1,
         *       "timestamp": "2026-01-02T10:00:00Z",
         *       "tenant_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *       "data": {
         *         "site_id": "01948a5d-ac96-774b-bcce-b302099a8057"
         *       }
         *     }
         */
        "application/json": {
          /** @constant */
          type: "connector.down";
          /** @constant */
          version: 1;
          /**
           * Format: date-time
           * @description when it happened
           */
          timestamp: string;
          tenant_id: string;
          data: components["schemas"]["SiteEvent"];
        };
      };
    };
    responses: {
      /** @description the webhook is stopped at once */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description taken; whatever is in the answer is not read */
      "2XX": {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description not taken: it is sent again later */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  on_person_created: {
    parameters: {
      query?: never;
      header: {
        /** @description the same for every attempt; what was seen before is a repeat */
        "webhook-id": string;
        /** @description seconds since 1970 of this attempt; refuse what is older than minutes */
        "webhook-timestamp": string;
        /** @description v1,<base64 of HMAC-SHA256 over id.timestamp.body>, one or two of them */
        "webhook-signature": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "person.created",
         *       "version": 1,
         *       "timestamp": "2026-01-02T10:00:00Z",
         *       "tenant_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *       "data": {
         *         "person_id": "01948a5d-ac96-774b-bcce-b302099a8057"
         *       }
         *     }
         */
        "application/json": {
          /** @constant */
          type: "person.created";
          /** @constant */
          version: 1;
          /**
           * Format: date-time
           * @description when it happened
           */
          timestamp: string;
          tenant_id: string;
          data: components["schemas"]["PersonEvent"];
        };
      };
    };
    responses: {
      /** @description the webhook is stopped at once */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description taken; whatever is in the answer is not read */
      "2XX": {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description not taken: it is sent again later */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  on_person_changed: {
    parameters: {
      query?: never;
      header: {
        /** @description the same for every attempt; what was seen before is a repeat */
        "webhook-id": string;
        /** @description seconds since 1970 of this attempt; refuse what is older than minutes */
        "webhook-timestamp": string;
        /** @description v1,<base64 of HMAC-SHA256 over id.timestamp.body>, one or two of them */
        "webhook-signature": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "person.changed",
         *       "version": 1,
         *       "timestamp": "2026-01-02T10:00:00Z",
         *       "tenant_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *       "data": {
         *         "person_id": "01948a5d-ac96-774b-bcce-b302099a8057"
         *       }
         *     }
         */
        "application/json": {
          /** @constant */
          type: "person.changed";
          /** @constant */
          version: 1;
          /**
           * Format: date-time
           * @description when it happened
           */
          timestamp: string;
          tenant_id: string;
          data: components["schemas"]["PersonEvent"];
        };
      };
    };
    responses: {
      /** @description the webhook is stopped at once */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description taken; whatever is in the answer is not read */
      "2XX": {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description not taken: it is sent again later */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  on_person_disabled: {
    parameters: {
      query?: never;
      header: {
        /** @description the same for every attempt; what was seen before is a repeat */
        "webhook-id": string;
        /** @description seconds since 1970 of this attempt; refuse what is older than minutes */
        "webhook-timestamp": string;
        /** @description v1,<base64 of HMAC-SHA256 over id.timestamp.body>, one or two of them */
        "webhook-signature": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "person.disabled",
         *       "version": 1,
         *       "timestamp": "2026-01-02T10:00:00Z",
         *       "tenant_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *       "data": {
         *         "person_id": "01948a5d-ac96-774b-bcce-b302099a8057"
         *       }
         *     }
         */
        "application/json": {
          /** @constant */
          type: "person.disabled";
          /** @constant */
          version: 1;
          /**
           * Format: date-time
           * @description when it happened
           */
          timestamp: string;
          tenant_id: string;
          data: components["schemas"]["PersonEvent"];
        };
      };
    };
    responses: {
      /** @description the webhook is stopped at once */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description taken; whatever is in the answer is not read */
      "2XX": {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description not taken: it is sent again later */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  on_person_enabled: {
    parameters: {
      query?: never;
      header: {
        /** @description the same for every attempt; what was seen before is a repeat */
        "webhook-id": string;
        /** @description seconds since 1970 of this attempt; refuse what is older than minutes */
        "webhook-timestamp": string;
        /** @description v1,<base64 of HMAC-SHA256 over id.timestamp.body>, one or two of them */
        "webhook-signature": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "person.enabled",
         *       "version": 1,
         *       "timestamp": "2026-01-02T10:00:00Z",
         *       "tenant_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *       "data": {
         *         "person_id": "01948a5d-ac96-774b-bcce-b302099a8057"
         *       }
         *     }
         */
        "application/json": {
          /** @constant */
          type: "person.enabled";
          /** @constant */
          version: 1;
          /**
           * Format: date-time
           * @description when it happened
           */
          timestamp: string;
          tenant_id: string;
          data: components["schemas"]["PersonEvent"];
        };
      };
    };
    responses: {
      /** @description the webhook is stopped at once */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description taken; whatever is in the answer is not read */
      "2XX": {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description not taken: it is sent again later */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  on_person_erased: {
    parameters: {
      query?: never;
      header: {
        /** @description the same for every attempt; what was seen before is a repeat */
        "webhook-id": string;
        /** @description seconds since 1970 of this attempt; refuse what is older than minutes */
        "webhook-timestamp": string;
        /** @description v1,<base64 of HMAC-SHA256 over id.timestamp.body>, one or two of them */
        "webhook-signature": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "person.erased",
         *       "version": 1,
         *       "timestamp": "2026-01-02T10:00:00Z",
         *       "tenant_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *       "data": {
         *         "person_id": "01948a5d-ac96-774b-bcce-b302099a8057"
         *       }
         *     }
         */
        "application/json": {
          /** @constant */
          type: "person.erased";
          /** @constant */
          version: 1;
          /**
           * Format: date-time
           * @description when it happened
           */
          timestamp: string;
          tenant_id: string;
          data: components["schemas"]["PersonEvent"];
        };
      };
    };
    responses: {
      /** @description the webhook is stopped at once */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description taken; whatever is in the answer is not read */
      "2XX": {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description not taken: it is sent again later */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  on_import_finished: {
    parameters: {
      query?: never;
      header: {
        /** @description the same for every attempt; what was seen before is a repeat */
        "webhook-id": string;
        /** @description seconds since 1970 of this attempt; refuse what is older than minutes */
        "webhook-timestamp": string;
        /** @description v1,<base64 of HMAC-SHA256 over id.timestamp.body>, one or two of them */
        "webhook-signature": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "import.finished",
         *       "version": 1,
         *       "timestamp": "2026-01-02T10:00:00Z",
         *       "tenant_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *       "data": {
         *         "import_id": "01948a5d-ac96-774b-bcce-b302099a8057"
         *       }
         *     }
         */
        "application/json": {
          /** @constant */
          type: "import.finished";
          /** @constant */
          version: 1;
          /**
           * Format: date-time
           * @description when it happened
           */
          timestamp: string;
          tenant_id: string;
          data: components["schemas"]["ImportEvent"];
        };
      };
    };
    responses: {
      /** @description the webhook is stopped at once */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description taken; whatever is in the answer is not read */
      "2XX": {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description not taken: it is sent again later */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  on_import_undone: {
    parameters: {
      query?: never;
      header: {
        /** @description the same for every attempt; what was seen before is a repeat */
        "webhook-id": string;
        /** @description seconds since 1970 of this attempt; refuse what is older than minutes */
        "webhook-timestamp": string;
        /** @description v1,<base64 of HMAC-SHA256 over id.timestamp.body>, one or two of them */
        "webhook-signature": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "import.undone",
         *       "version": 1,
         *       "timestamp": "2026-01-02T10:00:00Z",
         *       "tenant_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *       "data": {
         *         "import_id": "01948a5d-ac96-774b-bcce-b302099a8057"
         *       }
         *     }
         */
        "application/json": {
          /** @constant */
          type: "import.undone";
          /** @constant */
          version: 1;
          /**
           * Format: date-time
           * @description when it happened
           */
          timestamp: string;
          tenant_id: string;
          data: components["schemas"]["ImportEvent"];
        };
      };
    };
    responses: {
      /** @description the webhook is stopped at once */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description taken; whatever is in the answer is not read */
      "2XX": {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description not taken: it is sent again later */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  on_key_created: {
    parameters: {
      query?: never;
      header: {
        /** @description the same for every attempt; what was seen before is a repeat */
        "webhook-id": string;
        /** @description seconds since 1970 of this attempt; refuse what is older than minutes */
        "webhook-timestamp": string;
        /** @description v1,<base64 of HMAC-SHA256 over id.timestamp.body>, one or two of them */
        "webhook-signature": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "key.created",
         *       "version": 1,
         *       "timestamp": "2026-01-02T10:00:00Z",
         *       "tenant_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *       "data": {
         *         "key_id": "01948a5d-ac96-774b-bcce-b302099a8057"
         *       }
         *     }
         */
        "application/json": {
          /** @constant */
          type: "key.created";
          /** @constant */
          version: 1;
          /**
           * Format: date-time
           * @description when it happened
           */
          timestamp: string;
          tenant_id: string;
          data: components["schemas"]["KeyEvent"];
        };
      };
    };
    responses: {
      /** @description the webhook is stopped at once */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description taken; whatever is in the answer is not read */
      "2XX": {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description not taken: it is sent again later */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  on_key_regenerated: {
    parameters: {
      query?: never;
      header: {
        /** @description the same for every attempt; what was seen before is a repeat */
        "webhook-id": string;
        /** @description seconds since 1970 of this attempt; refuse what is older than minutes */
        "webhook-timestamp": string;
        /** @description v1,<base64 of HMAC-SHA256 over id.timestamp.body>, one or two of them */
        "webhook-signature": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "key.regenerated",
         *       "version": 1,
         *       "timestamp": "2026-01-02T10:00:00Z",
         *       "tenant_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *       "data": {
         *         "key_id": "01948a5d-ac96-774b-bcce-b302099a8057"
         *       }
         *     }
         */
        "application/json": {
          /** @constant */
          type: "key.regenerated";
          /** @constant */
          version: 1;
          /**
           * Format: date-time
           * @description when it happened
           */
          timestamp: string;
          tenant_id: string;
          data: components["schemas"]["KeyEvent"];
        };
      };
    };
    responses: {
      /** @description the webhook is stopped at once */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description taken; whatever is in the answer is not read */
      "2XX": {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description not taken: it is sent again later */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  on_key_revoked: {
    parameters: {
      query?: never;
      header: {
        /** @description the same for every attempt; what was seen before is a repeat */
        "webhook-id": string;
        /** @description seconds since 1970 of this attempt; refuse what is older than minutes */
        "webhook-timestamp": string;
        /** @description v1,<base64 of HMAC-SHA256 over id.timestamp.body>, one or two of them */
        "webhook-signature": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "key.revoked",
         *       "version": 1,
         *       "timestamp": "2026-01-02T10:00:00Z",
         *       "tenant_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *       "data": {
         *         "key_id": "01948a5d-ac96-774b-bcce-b302099a8057"
         *       }
         *     }
         */
        "application/json": {
          /** @constant */
          type: "key.revoked";
          /** @constant */
          version: 1;
          /**
           * Format: date-time
           * @description when it happened
           */
          timestamp: string;
          tenant_id: string;
          data: components["schemas"]["KeyEvent"];
        };
      };
    };
    responses: {
      /** @description the webhook is stopped at once */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description taken; whatever is in the answer is not read */
      "2XX": {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description not taken: it is sent again later */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  on_webhook_test: {
    parameters: {
      query?: never;
      header: {
        /** @description the same for every attempt; what was seen before is a repeat */
        "webhook-id": string;
        /** @description seconds since 1970 of this attempt; refuse what is older than minutes */
        "webhook-timestamp": string;
        /** @description v1,<base64 of HMAC-SHA256 over id.timestamp.body>, one or two of them */
        "webhook-signature": string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "webhook.test",
         *       "version": 1,
         *       "timestamp": "2026-01-02T10:00:00Z",
         *       "tenant_id": "01948a5d-ac96-774b-bcce-b302099a8057",
         *       "data": {
         *         "webhook_id": "01948a5d-ac96-774b-bcce-b302099a8057"
         *       }
         *     }
         */
        "application/json": {
          /** @constant */
          type: "webhook.test";
          /** @constant */
          version: 1;
          /**
           * Format: date-time
           * @description when it happened
           */
          timestamp: string;
          tenant_id: string;
          data: components["schemas"]["TestSent"];
        };
      };
    };
    responses: {
      /** @description the webhook is stopped at once */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description taken; whatever is in the answer is not read */
      "2XX": {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description not taken: it is sent again later */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
}
