#pragma once

#include <string>
#include <utility>
#include <vector>

#include "production.h"
#include "sluice/media/coders.h"
#include "sluice/media/media_file.h"
#include "timeline_session.h"

namespace sluice::recording {

/// What the product is to be.
struct ProductPlan {
  std::string file_name;
  std::string content_type;
  media::Container container = media::Container::mp4;
  bool has_picture = true;
  bool has_sound = true;
  media::VideoEncoderOptions video{};
  media::AudioEncoderOptions audio{};
};

/// Throws std::runtime_error where the settings leave nothing to be made.
[[nodiscard]] ProductPlan plan_product(const ProductionOrder& order);

/// For the file's header: `title`, `date`, `creation_time`, `comment`.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> describe_product(const Session& session,
                                                                                const Settings& settings);

}  // namespace sluice::recording
