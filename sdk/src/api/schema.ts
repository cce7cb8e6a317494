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
    /** Sign in with e-mail and password */
    post: operations["login_login"];
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
    /** Exchange the refresh token (cookie, or body of a native client) for new tokens */
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
    /** Sign out: ends the session, its sockets and its tokens */
    post: operations["login_logout"];
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
    /** The signed-in user, line and site */
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
    /** Your settings, with an ETag */
    get: operations["users_settings"];
    /** Change your settings */
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
    /** Your devices, the last used first */
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
    /** Search people by the beginning of a name's words or of a number */
    get: operations["directory_search"];
    put?: never;
    post?: never;
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
    /** Your calls, the newest first: all, or those that you look for */
    get: operations["journal_page"];
    put?: never;
    post?: never;
    /** Delete all entries */
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
    /** The whole history as a file for spreadsheets */
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
    /** One call, and why each device rang or did not */
    get: operations["journal_details"];
    put?: never;
    post?: never;
    /** Delete one entry */
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
    /** Mark missed calls as seen: these, or all */
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
    /** What happens when somebody calls, with an ETag */
    get: operations["routing_routing"];
    /** Change what happens when somebody calls */
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
    /** Forwarding as your PBX has it now */
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
    /** Switch one kind of forwarding on or off at your PBX */
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
    /** Hunt groups that you are in */
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
    /** Take the calls of a group, or no more */
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
    /** Your other phone, and when work calls go there */
    get: operations["alternativenumber_alternative"];
    /** Set your other phone's number, and when work calls go there */
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
    /** What your phone system offers now */
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
    /** Your mailbox's number, and whether messages wait */
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
    /** Your presence: what you chose, how you are seen */
    get: operations["presence_own"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /** Change your status, do not disturb, note, or who may see you */
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
    /** How colleagues are seen by you */
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
    /** Your live calls */
    get: operations["calls_list"];
    put?: never;
    /** Dial */
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
    /** Take a call that rings at somebody else */
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
    /** Fetch a parked call */
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
    /** Command a call: answer, consult, decline, drop, dtmf, hang_up, hold, merge, move, mute, park, pull, retrieve, silence, swap, transfer, unmute */
    post: operations["calls_command"];
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
    /** Credentials for the TURN servers */
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
    /** Open a link session: a token for the SIP edge and the site's lines */
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
    /** The site's lines; 204 when nothing changed since the version given */
    get: operations["connectors_config"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /** AlternativeChange */
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
     * AutoAnswer
     * @description One device takes calls by itself; never while its user talks or is not to be disturbed.
     */
    AutoAnswer: {
      device_id: string;
      /** @default 3000 */
      after_ms?: number;
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
    /** CallsView */
    CallsView: {
      items: components["schemas"]["Call"][];
    };
    /** CommandView */
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
    /** DevicesView */
    DevicesView: {
      items: components["schemas"]["DeviceView"][];
    };
    /** DialRequest */
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
    /** DirectoryPage */
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
    /** EntryDetails */
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
    /** ExportQuery */
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
     * ForwardingChange
     * @description On, with a number or the own mailbox; or off.
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
    /** ForwardingView */
    ForwardingView: {
      available: boolean;
      why_not: ("no_line" | "not_offered" | "pbx_unreachable" | "pbx_refused") | null;
      /** @description what this PBX can be asked for */
      kinds: ("immediate" | "busy" | "no_answer")[];
      /** @description there is one to forward to */
      mailbox: boolean;
      entries: components["schemas"]["ForwardingEntry"][];
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
    /** HuntGroupChange */
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
     */
    HuntGroupsView: {
      available: boolean;
      why_not: ("no_line" | "not_offered" | "pbx_unreachable") | null;
      groups: components["schemas"]["HuntGroupView"][];
    };
    /** JournalEvent */
    JournalEvent: {
      entry: components["schemas"]["EntryView"];
      unread: number;
    };
    /** JournalPage */
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
    /** LineView */
    LineView: {
      line_id: string;
      number: string;
      desk_number: string;
      mailbox_number: string | null;
    };
    /** LinkConfig */
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
    /** LinkSession */
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
    /** LinkSessionRequest */
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
    /** LoginRequest */
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
    /** LogoutRequest */
    LogoutRequest: {
      /** @default null */
      refresh_token?: string | null;
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
    /** MeView */
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
    /** OwnPresence */
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
     * Participant
     * @description One of the others in a conference. ``id`` is good for this conference only.
     */
    Participant: {
      id: string;
      name: string | null;
      number: components["schemas"]["CallNumber"];
    };
    /** PeoplePresence */
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
     * PresenceChange
     * @description What is left out stays as it is.
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
    /** ReadReply */
    ReadReply: {
      unread: number;
    };
    /** ReadRequest */
    ReadRequest: {
      /**
       * @description none = all
       * @default null
       */
      ids?: string[] | null;
    };
    /**
     * RefreshRequest
     * @description Browsers send no token here, theirs is in the cookie.
     */
    RefreshRequest: {
      /** @default null */
      refresh_token?: string | null;
      /** @default null */
      device_id?: string | null;
    };
    /**
     * Remote
     * @description The other side of a Call.
     */
    Remote: {
      name: string | null;
      number: components["schemas"]["CallNumber"];
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
     * Routing
     * @description What happens on your own devices when somebody calls. The PBX rings the desk phone.
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
    /** RoutingView */
    RoutingView: {
      routing: components["schemas"]["Routing"];
      version: number;
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
      notice: components["schemas"]["Notice"];
      "session.ended": components["schemas"]["SessionEnded"];
    };
    /** SessionEnded */
    SessionEnded: {
      reason: string;
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
    /** SettingsView */
    SettingsView: {
      settings: components["schemas"]["Settings"];
      version: number;
    };
    /**
     * Shown
     * @enum {string}
     */
    Shown: "available" | "busy" | "do_not_disturb" | "away" | "offline" | "unknown";
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
     * Stamp
     * @description Stands in every event: its place in the stream of one connection.
     */
    Stamp: {
      epoch: string;
      seq: number;
    };
    /**
     * Status
     * @description What a user says of themselves.
     * @enum {string}
     */
    Status: "available" | "away" | "appear_offline";
    /** TenantView */
    TenantView: {
      id: string;
      name: string;
    };
    /** TokenReply */
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
    /** TurnView */
    TurnView: {
      urls: string[];
      username: string;
      credential: string;
      /** @description seconds; ask again at 80 % of it */
      ttl: number;
    };
    /** UnparkRequest */
    UnparkRequest: {
      slot: string;
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
     */
    VerbRequest: {
      [key: string]: unknown;
    };
    /** VoicemailView */
    VoicemailView: {
      /** @description dial it to reach the mailbox; null: there is none */
      number: string | null;
      /** @description null: nobody knows */
      mwi: components["schemas"]["MailboxView"] | null;
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
  headers: never;
  pathItems: never;
}
export type AlternativeChange = components["schemas"]["AlternativeChange"];
export type AlternativeNumberChanged = components["schemas"]["AlternativeNumberChanged"];
export type AlternativeView = components["schemas"]["AlternativeView"];
export type AutoAnswer = components["schemas"]["AutoAnswer"];
export type Call = components["schemas"]["Call"];
export type CallEvent = components["schemas"]["CallEvent"];
export type CallNamed = components["schemas"]["CallNamed"];
export type CallNumber = components["schemas"]["CallNumber"];
export type CallsView = components["schemas"]["CallsView"];
export type CommandView = components["schemas"]["CommandView"];
export type ConfigQuery = components["schemas"]["ConfigQuery"];
export type Connector = components["schemas"]["Connector"];
export type ConnectorChanged = components["schemas"]["ConnectorChanged"];
export type ConnectorLayer = components["schemas"]["ConnectorLayer"];
export type DemoView = components["schemas"]["DemoView"];
export type DeskPhone = components["schemas"]["DeskPhone"];
export type DeskPhoneChanged = components["schemas"]["DeskPhoneChanged"];
export type DeviceInfo = components["schemas"]["DeviceInfo"];
export type DeviceOnline = components["schemas"]["DeviceOnline"];
export type DeviceView = components["schemas"]["DeviceView"];
export type DevicesChanged = components["schemas"]["DevicesChanged"];
export type DevicesView = components["schemas"]["DevicesView"];
export type DialRequest = components["schemas"]["DialRequest"];
export type DirectoryPage = components["schemas"]["DirectoryPage"];
export type DirectoryQuery = components["schemas"]["DirectoryQuery"];
export type EndReason = components["schemas"]["EndReason"];
export type EntryDetails = components["schemas"]["EntryDetails"];
export type EntryView = components["schemas"]["EntryView"];
export type ExportQuery = components["schemas"]["ExportQuery"];
export type ForwardingChange = components["schemas"]["ForwardingChange"];
export type ForwardingChanged = components["schemas"]["ForwardingChanged"];
export type ForwardingEntry = components["schemas"]["ForwardingEntry"];
export type ForwardingView = components["schemas"]["ForwardingView"];
export type HintView = components["schemas"]["HintView"];
export type Hold = components["schemas"]["Hold"];
export type HuntGroupChange = components["schemas"]["HuntGroupChange"];
export type HuntGroupView = components["schemas"]["HuntGroupView"];
export type HuntGroupsChanged = components["schemas"]["HuntGroupsChanged"];
export type HuntGroupsView = components["schemas"]["HuntGroupsView"];
export type JournalEvent = components["schemas"]["JournalEvent"];
export type JournalPage = components["schemas"]["JournalPage"];
export type JournalQuery = components["schemas"]["JournalQuery"];
export type JournalRemoved = components["schemas"]["JournalRemoved"];
export type LineView = components["schemas"]["LineView"];
export type LinkConfig = components["schemas"]["LinkConfig"];
export type LinkEdge = components["schemas"]["LinkEdge"];
export type LinkLine = components["schemas"]["LinkLine"];
export type LinkSession = components["schemas"]["LinkSession"];
export type LinkSessionRequest = components["schemas"]["LinkSessionRequest"];
export type LinkSite = components["schemas"]["LinkSite"];
export type LinkTurn = components["schemas"]["LinkTurn"];
export type LoginRequest = components["schemas"]["LoginRequest"];
export type LogoutRequest = components["schemas"]["LogoutRequest"];
export type MailboxView = components["schemas"]["MailboxView"];
export type MeView = components["schemas"]["MeView"];
export type Media = components["schemas"]["Media"];
export type MediaAnswer = components["schemas"]["MediaAnswer"];
export type MediaRenegotiate = components["schemas"]["MediaRenegotiate"];
export type Moving = components["schemas"]["Moving"];
export type MwiChanged = components["schemas"]["MwiChanged"];
export type Notice = components["schemas"]["Notice"];
export type NumberView = components["schemas"]["NumberView"];
export type OffersChanged = components["schemas"]["OffersChanged"];
export type OffersView = components["schemas"]["OffersView"];
export type OwnAudience = components["schemas"]["OwnAudience"];
export type OwnDoNotDisturb = components["schemas"]["OwnDoNotDisturb"];
export type OwnNote = components["schemas"]["OwnNote"];
export type OwnPresence = components["schemas"]["OwnPresence"];
export type OwnStatus = components["schemas"]["OwnStatus"];
export type Participant = components["schemas"]["Participant"];
export type PeoplePresence = components["schemas"]["PeoplePresence"];
export type PeopleQuery = components["schemas"]["PeopleQuery"];
export type PersonPresence = components["schemas"]["PersonPresence"];
export type PersonView = components["schemas"]["PersonView"];
export type Phase = components["schemas"]["Phase"];
export type Pickup = components["schemas"]["Pickup"];
export type PickupGone = components["schemas"]["PickupGone"];
export type PickupOffer = components["schemas"]["PickupOffer"];
export type PickupRequest = components["schemas"]["PickupRequest"];
export type Place = components["schemas"]["Place"];
export type PresenceChange = components["schemas"]["PresenceChange"];
export type PresenceChanged = components["schemas"]["PresenceChanged"];
export type ReadReply = components["schemas"]["ReadReply"];
export type ReadRequest = components["schemas"]["ReadRequest"];
export type RefreshRequest = components["schemas"]["RefreshRequest"];
export type Remote = components["schemas"]["Remote"];
export type RingOffer = components["schemas"]["RingOffer"];
export type RingStop = components["schemas"]["RingStop"];
export type Routing = components["schemas"]["Routing"];
export type RoutingChanged = components["schemas"]["RoutingChanged"];
export type RoutingView = components["schemas"]["RoutingView"];
export type ServerEvents = components["schemas"]["ServerEvents"];
export type SessionEnded = components["schemas"]["SessionEnded"];
export type SetAudience = components["schemas"]["SetAudience"];
export type SetDoNotDisturb = components["schemas"]["SetDoNotDisturb"];
export type SetNote = components["schemas"]["SetNote"];
export type SetStatus = components["schemas"]["SetStatus"];
export type Settings = components["schemas"]["Settings"];
export type SettingsChanged = components["schemas"]["SettingsChanged"];
export type SettingsView = components["schemas"]["SettingsView"];
export type Shown = components["schemas"]["Shown"];
export type SiteView = components["schemas"]["SiteView"];
export type Snapshot = components["schemas"]["Snapshot"];
export type Stamp = components["schemas"]["Stamp"];
export type Status = components["schemas"]["Status"];
export type TenantView = components["schemas"]["TenantView"];
export type TokenReply = components["schemas"]["TokenReply"];
export type TrailDevice = components["schemas"]["TrailDevice"];
export type TrailView = components["schemas"]["TrailView"];
export type Transfer = components["schemas"]["Transfer"];
export type TurnView = components["schemas"]["TurnView"];
export type UnparkRequest = components["schemas"]["UnparkRequest"];
export type UserView = components["schemas"]["UserView"];
export type VerbRequest = components["schemas"]["VerbRequest"];
export type VoicemailView = components["schemas"]["VoicemailView"];
export type Problem = components["schemas"]["Problem"];
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
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DirectoryPage"];
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
        id: string;
      };
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
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
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
        id: string;
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
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CommandView"];
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
}
