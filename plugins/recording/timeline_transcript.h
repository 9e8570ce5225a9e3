#pragma once

#include <string>
#include <vector>

#include "timeline_session.h"

namespace sluice::recording {

/// How long a message is shown.
inline constexpr MediaTime kMessageShown = std::chrono::seconds{6};

/// One message of the chat, on the product's time line, fit to be shown: control characters are gone.
struct TranscriptLine {
  MediaTime at{};
  std::string name;
  std::vector<std::string> lines;  ///< none of them empty
};

/// What was said while it was recorded, in order.
[[nodiscard]] std::vector<TranscriptLine> make_transcript(const Session& session, const Timeline& timeline);

/// WebVTT, one cue a message with the name as its voice. Names and texts are escaped: nothing of them is markup, and
/// none ends a cue.
[[nodiscard]] std::string to_webvtt(const std::vector<TranscriptLine>& transcript, MediaTime end);

/// `{"recordingId", "title", "startedAt", "messages": [{"atMs", "name", "text"}]}`
[[nodiscard]] std::string to_json_text(const std::vector<TranscriptLine>& transcript, const SessionBegan& began);

}  // namespace sluice::recording
