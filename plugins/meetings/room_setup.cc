#include "room_setup.h"

#include <algorithm>
#include <string>

#include "policy.h"

namespace sluice::meetings {

namespace {

void switch_off(RoomPolicy& policy, std::initializer_list<Permission> permissions) {
  for (const Permission permission : permissions) policy.least_role[permission] = std::nullopt;
}

void switch_features(const Features& features, RoomPolicy& policy) {
  if (!features.audio_enabled) switch_off(policy, {Permission::publish_audio});
  if (!features.video_enabled) switch_off(policy, {Permission::publish_video});
  if (!features.screen_sharing_enabled) switch_off(policy, {Permission::share_screen});
  if (!features.chat_enabled) {
    switch_off(policy,
               {Permission::chat, Permission::chat_private, Permission::chat_announce, Permission::upload_files});
  }
  if (!features.recording_enabled) switch_off(policy, {Permission::record});
  if (!features.hand_raise_enabled) switch_off(policy, {Permission::raise_hand});
  if (!features.reactions_enabled) switch_off(policy, {Permission::react});
}

}  // namespace

const SecurityPolicy* tenant_policy(const Options& options, std::string_view tenant) {
  const auto found = options.tenants.find(std::string{tenant});
  return found == options.tenants.end() ? nullptr : &found->second;
}

RoomPolicy room_policy(const Meeting& meeting, const Options& options) {
  RoomPolicy policy;
  policy.waiting_room = meeting.waiting_room_enabled;
  policy.require_host_approval = meeting.require_host_approval;
  switch_features(meeting.features, policy);
  apply(meeting.security, policy);
  if (const SecurityPolicy* tenant = tenant_policy(options, meeting.tenant)) apply(*tenant, policy);
  return policy;
}

int participant_limit(const Meeting& meeting, const Options& options) {
  const SecurityPolicy* tenant = tenant_policy(options, meeting.tenant);
  const std::optional<int> policies =
      tighter(meeting.security.max_participants, tenant == nullptr ? std::nullopt : tenant->max_participants);
  return *tighter(meeting.max_participants, policies);
}

bool end_to_end(const Meeting& meeting, const Options& options) {
  const SecurityPolicy* tenant = tenant_policy(options, meeting.tenant);
  return meeting.security.enable_end_to_end_encrypt || (tenant != nullptr && tenant->enable_end_to_end_encrypt);
}

RoomOptions room_options(const Meeting& meeting, const Options& options) {
  json::object info{{"meetingId", meeting.id}};
  if (end_to_end(meeting, options)) info["endToEndEncryption"] = true;
  return {.id = meeting.id,
          .name = meeting.name,
          .tenant = meeting.tenant,
          .max_participants = participant_limit(meeting, options),
          .close_when_empty = false,
          .policy = room_policy(meeting, options),
          .owner = meeting.creator_id,
          .info = std::move(info)};
}

bool skips_waiting(const Meeting& meeting, const Options& options, Role role) {
  return is_moderator(role) || (options.invited_skip_waiting_room && !meeting.require_host_approval);
}

MeetingInfo info_of(const Meeting& meeting) {
  return {.id = meeting.id,
          .tenant = meeting.tenant,
          .room_id = meeting.id,
          .name = meeting.name,
          .host_user_id = meeting.creator_id,
          .recording_config = to_json(meeting.recording_config).as_object()};
}

}  // namespace sluice::meetings
