#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "production.h"
#include "timeline_session.h"

namespace sluice::recording {

/// The track whose video can be copied as it is; nothing: the picture must be composed. That is where the product is an
/// MP4 without a watermark; there was but one video track in the whole session, and its codec is H264; it begins with
/// the session and ends with it, by kEdge; and neither it nor the session was paused, nor was a picture of it turned.
[[nodiscard]] std::optional<std::size_t> find_only_picture(const Session& session, const Timeline& timeline,
                                                           const ProductionOrder& order);

inline constexpr MediaTime kEdge = std::chrono::seconds{2};

/// What the rule asks of the file, which the journal does not tell: that it begins with a key frame, that its parameter
/// sets stay, and with them the size of the picture, that there is no gap of more than kEdge. Reads it through.
[[nodiscard]] bool is_copyable(const Session& session, const Timeline& timeline, std::size_t track,
                               const std::string& path);

}  // namespace sluice::recording
