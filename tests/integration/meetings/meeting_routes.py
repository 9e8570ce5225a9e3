"""The routes below /api/meeting and /api/v1/meetings. Required fields are those of the requirement documents."""
import stream_rows
from route_rows import Route

INVITED_SEE = "who is invited sees it; to others it is 404"

MEETING = ("id", "campus_id", "creator_id", "meeting_name", "meeting_description", "meeting_start_time",
           "meeting_end_time", "meeting_location", "participants", "meeting_meta_data", "meeting_type",
           "max_participants", "waiting_room_enabled", "features.chat_enabled", "recording_config.auto_record",
           "is_active", "is_deleted", "created_at", "updated_at")
PERSON = ("id", "user_id", "name", "role", "status")


def below(prefix, fields):
    return tuple(f"{prefix}.{field}" for field in fields)


def stays_in_its_tenant(test, scene, answer):
    test.assertEqual(answer.data["campus_id"], "south")
    test.assertNotIn(answer.data["id"], scene.host.call("GET", "/api/meeting").text)


def shows_nothing_of_the_north(test, scene, answer):
    test.assertNotIn(scene.id, answer.text)
    test.assertNotIn("north", answer.text)


def counts_nothing_of_the_north(test, scene, answer):
    test.assertEqual(test.has(answer.data, "system_stats.active_meetings"), 0)


def summarises_nothing_of_the_north(test, scene, answer):
    test.assertEqual(test.has(answer.data, "analytics_summary.total_meetings"), 0)


def message(text):
    return lambda test, scene, answer: test.assertEqual(answer.message, text)


def not_loaded(method, path, denied=None):
    """Kept by a plugin that this gateway does not have."""
    return Route(method, path, status=404, code="FEATURE_NOT_LOADED", denied=denied,
                 why_all_may="" if denied else INVITED_SEE)


NEW = {"meeting_name": "Weekly", "meeting_description": "News", "meeting_start_time": "2030-07-01T10:00:00Z",
       "meeting_location": "Room A", "participants": ["arno"], "meeting_meta_data": {"virtual": True}}

ROWS = (
    Route("POST", "", lambda s: NEW, status=201, gives=MEETING, check=message("Scheduled meeting created successfully"),
          denied="attendee", bad=NEW | {"features": {"chat_enabled": "no"}}, path_of_bad="features.chat_enabled",
          elsewhere=201, elsewhere_check=stays_in_its_tenant),
    Route("GET", "", ready=lambda s: s.id, gives=below("0", ("id", "meeting_name", "meeting_start_time",
                                                             "meeting_end_time", "participants", "is_active")),
          check=lambda test, s, answer: test.has(answer.json, "pagination.total"),
          why_all_may="everybody has a list, of what he may see", bad_query="status=over", path_of_bad="status",
          elsewhere=200, elsewhere_check=shows_nothing_of_the_north),
    Route("GET", "/{id}", ready=lambda s: s.start(), by="attendee",
          gives=(*MEETING, "live_stats.participant_count", "live_stats.duration_minutes"), why_all_may=INVITED_SEE),
    Route("PUT", "/{id}", lambda s: {"meeting_name": "Another"}, gives=MEETING, denied="co_host",
          check=lambda test, s, answer: test.assertEqual(answer.data["meeting_name"], "Another"),
          bad={"max_participants": 0}, path_of_bad="max_participants"),
    Route("DELETE", "/{id}", gives=("id", "is_deleted"), check=message("Meeting deleted successfully"),
          denied="co_host"),
    Route("POST", "/{id}/cancel", lambda s: {"reason": "rain"}, gives=("id", "status", "cancel_reason"),
          denied="co_host", bad={"reason": 5}, path_of_bad="reason"),
    Route("GET", "/{id}/occurrences", by="attendee", gives=("timezone", "occurrences.0.start_time"),
          why_all_may=INVITED_SEE, bad_query="from=tomorrow", path_of_bad="from"),
    Route("GET", "/{id}/audit", gives=below("entries.0", ("at", "actor_id", "action", "target", "details")),
          ready=lambda s: s.id, denied="co_host", bad_query="limit=0", path_of_bad="limit"),

    Route("GET", "/{id}/participants", ready=lambda s: s.seated("host"), by="attendee",
          gives=(*below("participants.0", PERSON), "participants.0.joined_at", "participants.0.media_status.audio",
                 "total_count", "max_participants"),
          why_all_may=INVITED_SEE, bad_query="offset=-1", path_of_bad="offset"),
    Route("POST", "/{id}/participants", lambda s: {"participants": [{"email": "new@north.example", "name": "New"}],
                                                   "send_invitation": True}, by="co_host",
          gives=(*below("added_participants.0", PERSON), "invitations_sent", "notifications_sent"),
          check=message("1 participant added successfully"), denied="attendee",
          bad={"participants": [{"email": "nobody"}]}, path_of_bad="participants[0].email"),
    Route("DELETE", "/{id}/participants", lambda s: {"participant_ids": [s.participant("vera")], "reason": "full"},
          by="co_host", gives=("removed_participants.0", "remaining_count"), denied="attendee",
          denied_body=lambda s: {"participant_ids": ["arno"]}, bad={"participant_ids": []},
          path_of_bad="participant_ids"),
    Route("PUT", "/{id}/participants", lambda s: {"participant_id": s.participant(), "new_role": "presenter"},
          gives=("participant_id", "old_role", "new_role", "updated_at"), denied="co_host",
          bad={"participant_id": "arno", "new_role": "king"}, path_of_bad="new_role"),
    Route("PATCH", "/{id}/participants/{participant_id}/role", lambda s: {"new_role": "co_host"},
          gives=("participant_id", "old_role", "new_role", "updated_at"),
          check=message("Participant role updated successfully"), denied="co_host", bad={}, path_of_bad="new_role"),
    Route("POST", "/{id}/search-users", lambda s: {"query": "john"}, ready=lambda s: s.with_directory(), by="co_host",
          gives=("users.0.id", "users.0.name", "users.0.email", "users.0.role", "users.0.profile_image", "total_found",
                 "search_query"),
          denied="attendee", bad={"query": "john", "limit": 1000}, path_of_bad="limit"),

    Route("POST", "/{id}/start", by="co_host", check=message("Meeting started successfully"),
          gives=("id", "status", "webrtc_config.router_id", "webrtc_config.ice_servers", "webrtc_config.turn_servers",
                 "live_stats.start_time", "live_stats.participant_count"), denied="attendee"),
    Route("POST", "/{id}/end", ready=lambda s: s.said(), by="co_host", check=message("Meeting ended successfully"),
          gives=("id", "status", "final_stats.duration_minutes", "final_stats.max_participants",
                 "final_stats.total_chat_messages"), denied="attendee"),
    Route("POST", "/{id}/join", lambda s: {"participant_name": "Arno", "device_info": {"platform": "web"}},
          ready=lambda s: s.start(), by="attendee", check=message("Successfully joined meeting"),
          gives=("access_token", "participant_id", "webrtc_config.ice_servers",
                 "webrtc_config.router_capabilities.codecs", "meeting_info.name", "meeting_info.host",
                 "meeting_info.features_enabled.chat", "meeting_info.features_enabled.screen_share",
                 "meeting_info.features_enabled.recording"),
          denied="blocked", denied_code="ADMISSION_DENIED", bad={"participant_name": {}},
          path_of_bad="participant_name", guest=404),
    Route("POST", "/{id}/validate-access", lambda s: {"user": {"user_id": "berta"}}, by="co_host",
          gives=("allowed", "reasons.0", "role", "requires.password", "requires.waiting_room", "requires.approval"),
          denied="attendee", bad={"user": "berta"}, path_of_bad="user", guest=401),
    Route("GET", "/{id}/security-policy", by="co_host", gives=("security_policy.blocked_users.0", "tenant_policy"),
          denied="attendee"),
    Route("PUT", "/{id}/security-policy", lambda s: {"allowed_domains": ["*.example.org"]},
          gives=("security_policy.allowed_domains.0", "tenant_policy"), denied="co_host",
          bad={"allowed_domains": ["not a domain"]}, path_of_bad="allowed_domains[0]"),
    Route("GET", "/{id}/live-stats", ready=lambda s: s.said(), by="attendee",
          gives=below("live_stats", ("current_participants", "duration_minutes", "chat_messages", "screen_sharing",
                                     "active_speakers", "bandwidth_usage.total_mbps",
                                     "bandwidth_usage.per_participant_avg", "quality_metrics.average_video_quality",
                                     "quality_metrics.connection_quality", "quality_metrics.latency_ms")),
          why_all_may=INVITED_SEE),
    Route("GET", "/{id}/metrics", ready=lambda s: s.start(), by="attendee",
          gives=("live_stats.participant_count", "live_stats.start_time"), why_all_may=INVITED_SEE),
    Route("GET", "/{id}/webrtc-config", ready=lambda s: s.start(), by="attendee",
          gives=below("webrtc_config", ("router_id", "router_capabilities.codecs.0.mimeType", "ice_servers")),
          why_all_may=INVITED_SEE),
    Route("GET", "/{id}/health", by="attendee", gives=("health_status", "status", "room_open"),
          why_all_may=INVITED_SEE),

    Route("GET", "/{id}/chat", ready=lambda s: s.said(), by="attendee",
          gives=(*below("messages.0", ("id", "participant_id", "participant_name", "message", "timestamp", "type")),
                 "total_messages"),
          why_all_may=INVITED_SEE, bad_query="limit=many", path_of_bad="limit"),
    Route("POST", "/{id}/chat", lambda s: {"message": "By REST"},
          ready=lambda s: (s.seated("host"), s.seated("viewer")), status=201,
          gives=("id", "participant_id", "message", "timestamp"), denied="viewer", bad={"message": 1},
          path_of_bad="message"),

    Route("GET", "/{id}/recordings", ready=lambda s: s.recording(), by="attendee",
          gives=below("recordings.0", ("id", "type", "state", "duration_seconds", "size_mb", "created_at")),
          why_all_may=INVITED_SEE, bad_query="limit=many", path_of_bad="limit"),
    Route("GET", "/{id}/recordings/{path}", ready=lambda s: s.recording(), by="attendee",
          gives=("id", "meeting_id", "files"), why_all_may=INVITED_SEE),
    Route("POST", "/{id}/recording/start", lambda s: {"layout": "grid", "screen_share": False},
          ready=lambda s: s.seated("host"), by="co_host", status=201, gives=("id", "state", "started_by"),
          denied="attendee", bad={"layout": "round"}, path_of_bad="layout"),
    Route("POST", "/{id}/recording/stop", ready=lambda s: s.recording(), by="co_host", gives=("id", "ended_at"),
          denied="attendee"),
    Route("POST", "/{id}/recording/pause", ready=lambda s: s.recording(), by="co_host", gives=("id", "state"),
          denied="attendee"),
    Route("POST", "/{id}/recording/resume", ready=lambda s: s.paused_recording(), by="co_host", gives=("id", "state"),
          denied="attendee"),
    *stream_rows.of("/{id}", by="co_host"),
    Route("GET", "/{id}/stream", ready=lambda s: s.stream(), by="attendee",
          gives=("live", "stream_id", "viewers", "hls.url"), why_all_may=INVITED_SEE),
    Route("GET", "/{id}/analytics", ready=lambda s: s.said(), by="attendee",
          gives=(*below("meeting_analytics", ("duration_minutes", "peak_participants", "average_participants",
                                              "total_chat_messages", "screen_share_duration", "recording_duration",
                                              "participant_engagement.high_engagement",
                                              "participant_engagement.medium_engagement",
                                              "participant_engagement.low_engagement")), "participants"),
          why_all_may=INVITED_SEE),
    Route("GET", "/{id}/analytics/series", ready=lambda s: s.start(), by="co_host",
          gives=("resolution", "points", "has_more"), denied="attendee"),
    Route("GET", "/{id}/analytics/export", ready=lambda s: s.seated("host"), by="co_host", denied="attendee",
          check=lambda test, s, answer: test.assertIn('"hana"', answer.text)),
    not_loaded("GET", "/{id}/breakout-rooms"),
    not_loaded("POST", "/{id}/breakout-rooms", "attendee"),
    Route("GET", "/analytics/summary", by="admin", ready=lambda s: s.start(),
          gives=below("analytics_summary", ("total_meetings", "total_duration_minutes", "participant_engagement",
                                            "connection_quality", "days")),
          denied="host", elsewhere=200, elsewhere_check=summarises_nothing_of_the_north),

    Route("GET", "/health", gives=("health_status", "services.database", "uptime_seconds", "timestamp"), guest=200,
          why_all_may="load balancers ask", elsewhere=200),
    Route("GET", "/system/health", gives=("health_status", "services.database", "services.socket_io", "timestamp"),
          guest=200, why_all_may="load balancers ask", elsewhere=200),
    Route("GET", "/status", gives=("service", "status", "uptime_seconds"), guest=200, elsewhere=200,
          why_all_may="load balancers ask"),
    Route("GET", "/system/webrtc-health", gives=("service", "status.available"), guest=200, elsewhere=200,
          check=lambda test, s, answer: [test.has(answer.json, field) for field in (
              "service", "timestamp", "status.available", "status.workers", "status.activeRouters",
              "status.activeRooms", "status.mode")], why_all_may="load balancers ask"),
    Route("GET", "/system/stats", by="admin", ready=lambda s: s.start(),
          gives=below("system_stats", ("total_meetings", "active_meetings", "total_participants",
                                       "active_participants", "system_uptime", "media_workers.total",
                                       "mediasoup_workers.load_distribution.0")),
          denied="host", elsewhere=200, elsewhere_check=counts_nothing_of_the_north),
)
