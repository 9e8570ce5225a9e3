#include "settings_choice.h"

#include <algorithm>
#include <string>

#include "sluice/identity.h"

namespace sluice::recording {

namespace {

constexpr int kMostRetentionDays = 36'500;

[[noreturn]] void refuse(const char* path, const char* why) {
  throw Error{ErrorCode::invalid_payload, std::string{path} + ": " + why, {{"path", path}}};
}

// Another plugin's JSON: what does not fit is as if it were not there.
std::optional<bool> flag_of(const MeetingInfo* meeting, std::string_view name) {
  const json::value* found = meeting == nullptr ? nullptr : meeting->recording_config.if_contains(name);
  if (found == nullptr || !found->is_bool()) return std::nullopt;
  return found->get_bool();
}

int days_of(const MeetingInfo* meeting) {
  const json::value* found = meeting == nullptr ? nullptr : meeting->recording_config.if_contains("retention_days");
  if (found == nullptr || !found->is_int64()) return 0;
  return static_cast<int>(std::clamp<std::int64_t>(found->get_int64(), 0, kMostRetentionDays));
}

/// 0 is for ever.
int shorter(int days, int others) {
  if (days == 0 || others == 0) return std::max(days, others);
  return std::min(days, others);
}

}  // namespace

bool records_itself(const MeetingInfo& meeting) { return flag_of(&meeting, "auto_record").value_or(false); }

Settings choose_settings(const Options& options, const MeetingInfo* meeting, const Wishes& wishes,
                         std::string_view room_name) {
  const int wished_days = wishes.retention_days.value_or(0);
  if (wished_days < 0 || wished_days > kMostRetentionDays) refuse("retentionDays", "must be between 0 and 36500");
  if (wishes.watermark.value_or(false) && options.watermark_image.empty()) {
    throw Error{ErrorCode::unsupported, "no image is configured to be the watermark"};
  }
  Settings out;
  out.quality = wishes.quality.value_or(options.quality);
  out.format = wishes.format.value_or(options.format);
  out.layout = wishes.layout.value_or(options.layout);
  out.video = wishes.video.value_or(flag_of(meeting, "record_video").value_or(true));
  out.audio = wishes.audio.value_or(flag_of(meeting, "record_audio").value_or(true));
  out.screen_share = wishes.screen_share.value_or(out.video);
  out.chat = wishes.chat.value_or(flag_of(meeting, "record_chat").value_or(true));
  out.watermark = wishes.watermark.value_or(false);
  out.retention_days = shorter(options.retention_days, shorter(wished_days, days_of(meeting)));
  out.title = sanitise_text(meeting == nullptr ? room_name : std::string_view{meeting->name});
  if (out.format == Format::mp3) out.video = out.screen_share = false;
  if (!out.video && !out.audio && !out.screen_share) refuse("audio", "neither sound nor picture is to be recorded");
  return out;
}

}  // namespace sluice::recording
