#pragma once

#include <set>
#include <string>
#include <vector>

#include "addresses.h"
#include "context.h"
#include "production_queue.h"

namespace sluice::recording {

/// Tells people what has become of a recording: who took part, wherever they are connected, and other plugins.
class News {
 public:
  News(Context& context, Addresses& addresses) : context_{context}, addresses_{addresses} {}

  /// `recording:status` to who started it and to who moderates its room now.
  void progressed(const Record& record, const Progress& progress);
  /// `recording:ready` to all who took part, and RecordingReady.
  void ready(const Record& record);
  /// `recording:failed` to who started it and to who moderates its room now.
  void failed(const Record& record);

 private:
  [[nodiscard]] std::vector<Client*> keepers(const Record& record);
  void send_ready(const Record& record, const std::set<std::string>& people);

  Context& context_;
  Addresses& addresses_;
};

}  // namespace sluice::recording
