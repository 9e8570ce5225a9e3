#pragma once

#include <memory>

#include "control/options.h"
#include "feed/feed.h"
#include "hls/hls_channel.h"
#include "sluice/contracts/meetings.h"
#include "sluice/contracts/rooms.h"
#include "sluice/function.h"
#include "sluice/host.h"
#include "sluice/lifeline.h"
#include "sluice/metrics.h"

namespace sluice::livestream {

/// What a stream is made with; a test has others.
struct StreamParts {
  Function<std::unique_ptr<Feed>(Room&, std::shared_ptr<JobRecords>)> begin_feed;
  Function<std::unique_ptr<HlsChannel>(HlsOptions)> make_channel;
};

/// What the plugin counts.
struct StreamMetrics {
  explicit StreamMetrics(Metrics& metrics)
      : active{metrics.gauge("active", "Rooms that are being streamed.")},
        viewers{metrics.gauge("viewers", "Who watches over HLS.")},
        starts{metrics.counter("starts_total", "Streams that have begun.")},
        connecting{targets(metrics, "connecting")},
        live{targets(metrics, "live")},
        reconnecting{targets(metrics, "reconnecting")},
        failed{targets(metrics, "failed")},
        reconnects{metrics.counter("reconnects_total", "Connections to targets that were lost.")},
        frames{metrics.counter("frames_total", "Frames of programs.")},
        dropped_frames{metrics.counter("dropped_frames_total", "Frames that the machine was too slow for.")},
        dropped_packets{metrics.counter("dropped_packets_total", "Packets that a program was too slow for.")},
        job_deaths{metrics.counter("job_deaths_total", "Processes of programs that ended by themselves.")},
        rtmp_bytes{sent(metrics, "rtmp")},
        hls_bytes{sent(metrics, "hls")} {}

  static Gauge& targets(Metrics& metrics, const char* state) {
    return metrics.gauge("targets", "Servers that streams are pushed to, by their state.", {{"state", state}});
  }
  static Counter& sent(Metrics& metrics, const char* by) {
    return metrics.counter("sent_bytes_total", "What went out of streams, by how.", {{"by", by}});
  }

  Gauge& active;
  Gauge& viewers;
  Counter& starts;
  Gauge& connecting;
  Gauge& live;
  Gauge& reconnecting;
  Gauge& failed;
  Counter& reconnects;
  Counter& frames;
  Counter& dropped_frames;
  Counter& dropped_packets;
  Counter& job_deaths;
  Counter& rtmp_bytes;
  Counter& hls_bytes;
};

/// What every part of the plugin works with.
struct Context {
  Host& host;
  Options options;
  Rooms& rooms;
  Meetings* meetings;  ///< nullptr: not loaded
  StreamParts parts;
  StreamMetrics metrics;
  Lifeline lifeline{};  ///< of all parts
};

}  // namespace sluice::livestream
