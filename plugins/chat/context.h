#pragma once

#include "options.h"
#include "sluice/contracts/meetings.h"
#include "sluice/contracts/rooms.h"
#include "sluice/host.h"
#include "sluice/metrics.h"

namespace sluice::chat {

/// What the chat counts.
struct ChatMetrics {
  explicit ChatMetrics(Metrics& metrics)
      : messages{metrics.counter("messages_total", "Messages that were stored.")},
        store_failures{metrics.counter("store_failures_total", "Requests that the store failed to do.")},
        files{metrics.counter("files_total", "Files that were stored.")},
        send_seconds{metrics.histogram("send_seconds", "From a message's arrival to its broadcast.",
                                       {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1})} {}

  Counter& messages;
  Counter& store_failures;
  Counter& files;
  Histogram& send_seconds;
};

/// What every part of the chat works with.
struct Context {
  Host& host;
  Options options;
  Rooms& rooms;
  Meetings* meetings;  ///< nullptr: not loaded
  ChatMetrics metrics;
};

}  // namespace sluice::chat
