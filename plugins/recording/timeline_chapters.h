#pragma once

#include <cstddef>
#include <vector>

#include "settings.h"
#include "sluice/media/media_file.h"
#include "timeline_session.h"

namespace sluice::recording {

/// A chapter that would be shorter is joined to its neighbour.
inline constexpr MediaTime kLeastChapter = std::chrono::seconds{5};
/// With more, the shorter ones are joined until it is so many.
inline constexpr std::size_t kMaxChapters = 500;

/// The chapters of the product, without gaps from its beginning to its end: a new one whenever somebody else leads the
/// conversation ("Anna"), and where a screen's sharing begins ("Anna shares the screen") and ends. None where nothing
/// of that happened.
[[nodiscard]] std::vector<media::Chapter> make_chapters(const Session& session, const Timeline& timeline,
                                                        const Settings& settings);

}  // namespace sluice::recording
