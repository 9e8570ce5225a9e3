#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "context.h"
#include "production_queue.h"
#include "record.h"

namespace sluice::recording {

/// What an earlier process has left behind: sessions that it was capturing or producing when it ended, however it
/// ended. They are produced now.
class Recovery {
 public:
  Recovery(Context& context, ProductionQueue& queue) : context_{context}, queue_{queue} {}

  /// Blocks: for the start, before anything new is captured.
  void start();

 private:
  struct Find {
    Record record;
    UnixMs journal = 0;  ///< when it was last written to; 0: there is none
  };
  void look_at_disk(std::vector<Record> records);
  void decide(const Find& found);
  void fail(const Record& record, const std::string& reason);
  void sort_out(std::vector<std::string> folders);

  Context& context_;
  ProductionQueue& queue_;
};

}  // namespace sluice::recording
