#pragma once

#include <memory>
#include <string>

#include "capture.h"
#include "folders.h"
#include "options.h"
#include "sluice/contracts/media_taps.h"
#include "sluice/contracts/meetings.h"
#include "sluice/contracts/rooms.h"
#include "sluice/contracts/storage.h"
#include "sluice/function.h"
#include "sluice/host.h"
#include "sluice/lifeline.h"
#include "sluice/log.h"
#include "sluice/metrics.h"
#include "sluice/timers.h"

namespace sluice::recording {

/// How a capture begins: begin_capture, or what a test has in its place.
using BeginCapture = Function<std::unique_ptr<Capture>(Room&, const CaptureSpec&, Consent)>;

/// What the plugin counts.
struct RecordingMetrics {
  explicit RecordingMetrics(Metrics& metrics)
      : active{metrics.gauge("active", "Rooms that are being recorded.")},
        waiting{metrics.gauge("productions_waiting", "Captured sessions whose products are still to be made.")},
        free_bytes{metrics.gauge("free_bytes", "Free on the disk that recordings are written to, in bytes.")},
        running{metrics.gauge("productions_running", "Products that are being made.")},
        captured_bytes{metrics.counter("captured_bytes_total", "Media written by captures that have ended.")},
        ready{metrics.counter("ready_total", "Products that can be watched.")},
        capture_failures{failures(metrics, "capture")},
        production_failures{failures(metrics, "production")},
        storage_failures{failures(metrics, "storage")},
        store_failures{failures(metrics, "store")},
        production_seconds{metrics.histogram("production_seconds", "What the making of a product took.",
                                             {1, 5, 15, 60, 300, 900, 3'600, 14'400})} {}

  static Counter& failures(Metrics& metrics, const std::string& stage) {
    return metrics.counter("failures_total", "What did not succeed, by its stage.", {{"stage", stage}});
  }

  Gauge& active;
  Gauge& waiting;
  Gauge& free_bytes;
  Gauge& running;
  Counter& captured_bytes;
  Counter& ready;
  Counter& capture_failures;
  Counter& production_failures;
  Counter& storage_failures;
  Counter& store_failures;
  Histogram& production_seconds;
};

/// What every part of the plugin works with.
struct Context {
  Host& host;
  Options options;
  Folders folders;
  Rooms& rooms;
  Meetings* meetings;  ///< nullptr: not loaded
  Storage& storage;
  BeginCapture begin_capture;
  RecordingMetrics metrics;
  Lifeline lifeline{};  ///< of all parts
};

}  // namespace sluice::recording
