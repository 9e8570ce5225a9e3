#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "control/context.h"
#include "control/target_address.h"
#include "control/view.h"
#include "stream_job.h"

namespace sluice::livestream {

/// The servers that one stream is pushed to, and how each of them does.
/// @note Control thread only.
class Targets {
 public:
  struct Target {
    std::string id;
    TargetAddress address;
    TargetReport report{};
    TargetFigures figures{};  ///< of the process that runs
    TargetFigures before{};   ///< of those before it, in sum
  };

  explicit Targets(StreamMetrics& metrics) noexcept : metrics_{metrics} {}

  const Target& add(std::string id, TargetAddress address);
  /// false: there is none of that id.
  bool remove(std::string_view id);
  /// Of one that has been removed: ignored.
  void report(const TargetReport& report);
  void take_figures(const std::vector<TargetFigures>& figures);
  /// The process that sends to them is gone.
  void interrupted();

  [[nodiscard]] const std::vector<Target>& all() const noexcept { return targets_; }
  [[nodiscard]] bool any_live() const noexcept;
  [[nodiscard]] std::vector<TargetView> views() const;
  /// What another process says, without any of their keys.
  [[nodiscard]] std::string without_secrets(std::string_view text) const;

 private:
  [[nodiscard]] Target* find(std::string_view id) noexcept;
  void count(Target& target, const TargetFigures& now);

  StreamMetrics& metrics_;
  std::vector<Target> targets_;
};

}  // namespace sluice::livestream
