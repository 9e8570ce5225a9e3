#pragma once

#include <string>
#include <vector>

#include "control/options.h"
#include "control/requests.h"
#include "control/target_address.h"

namespace sluice::livestream {

/// What a stream is to be, decided when it begins.
struct StreamPlan {
  std::string title;  ///< shown while nobody sends pictures
  Layout layout = Layout::presentation;
  VideoMode video = VideoMode::compose;
  bool hls = false;
  bool record = false;
  std::vector<TargetAddress> targets;
};

/// What somebody wishes, else what is configured. Throws Error: `invalid_payload` for an address, `permission_denied`
/// for a server that is not allowed, `limit_exceeded` for too many, `unsupported` for what is switched off.
[[nodiscard]] StreamPlan choose_plan(const Options& options, const StartWish& wish, std::string_view name);
/// Of the configuration, whose servers are the operator's.
[[nodiscard]] StreamPlan choose_plan(const Options& options, const StreamSettings& settings, std::string_view name);
/// A target that is added later.
[[nodiscard]] TargetAddress choose_target(const RtmpSettings& options, const TargetWish& wish);

/// The order of its job, but for the files of one run.
[[nodiscard]] ProgramOrder order_of(const Options& options, const StreamPlan& plan);

}  // namespace sluice::livestream
