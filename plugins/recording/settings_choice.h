#pragma once

#include <optional>

#include "options.h"
#include "requests.h"
#include "settings.h"
#include "sluice/contracts/meetings.h"

namespace sluice::recording {

/// What a recording is to hold: what its starter wishes, else what the meeting says, else what is configured. The
/// shortest retention of the three holds. Throws Error: `invalid_payload` where nothing would be left to record,
/// `unsupported` for a watermark that this gateway has no image of.
[[nodiscard]] Settings choose_settings(const Options& options, const MeetingInfo* meeting, const Wishes& wishes,
                                       std::string_view room_name);

/// Whether the meeting is to be recorded without anybody's word.
[[nodiscard]] bool records_itself(const MeetingInfo& meeting);

}  // namespace sluice::recording
