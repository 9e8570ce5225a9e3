#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "sluice/media/session_clock.h"

/// Senders whose clocks are known, so that what is made of them can be judged. All times are seconds of the session.
namespace sluice::media {

inline MediaTime at_seconds(double seconds) { return MediaTime{std::llround(seconds * 1e6)}; }
inline double seconds_of(MediaTime time) { return static_cast<double>(time.count()) / 1e6; }

struct SimulatedTrack {
  std::string name;
  std::uint32_t clock_rate = 90'000;
  double packets_apart = 1.0 / 30;
  std::int64_t first_timestamp = 0;
  double ppm = 0;                          // how much too fast its clock runs
  std::optional<double> first_report = 1;  // when; none: it never tells
  double reports_apart = 3;
  double begins = 0;

  [[nodiscard]] std::int64_t timestamp_at(double time) const {
    return first_timestamp + std::llround(time * (1 + ppm * 1e-6) * clock_rate);
  }
};

struct SimulatedSender {
  std::vector<SimulatedTrack> tracks;
  double wall_ppm = 0;
  std::function<double(double)> wall_step = [](double) { return 0.0; };  // seconds that the wall clock was moved by
  double way = 0.040;                                                    // to the gateway, at the least
  double queue = 0.010;                                                  // mean of the exponential delay
  std::function<double(double)> standing = [](double) { return 0.0; };   // delay that all packets have more
  std::uint64_t wall_start = 0xe000'0000'1234'5678;
  unsigned seed = 1;

  [[nodiscard]] std::uint64_t wall_at(double time) const {
    const double since = time * (1 + wall_ppm * 1e-6) + wall_step(time);
    return wall_start + static_cast<std::uint64_t>(static_cast<std::int64_t>(since * 4'294'967'296.0));
  }

  /// Sends until `end`; what the gateway makes of it.
  [[nodiscard]] SenderTimeline run(double end) const {
    SenderTimeline timeline;
    std::mt19937 random{seed};
    for (const SimulatedTrack& track : tracks) {
      timeline.add_track(track.name, track.clock_rate);
      send(track, end, random, timeline);
    }
    return timeline;
  }

 private:
  void send(const SimulatedTrack& track, double end, std::mt19937& random, SenderTimeline& timeline) const {
    std::exponential_distribution<double> delay{1 / queue};
    ClockWatch watch{track.clock_rate};
    std::optional<ClockWatch::Report> report;
    double next_report = track.first_report.value_or(end);
    for (double now = track.begins; now < end; now += track.packets_apart) {
      if (now >= next_report) {
        report = {.timestamp = track.timestamp_at(now), .ntp = wall_at(now)};
        next_report += track.reports_apart;
      }
      const double arrival = now + way + standing(now) + delay(random);
      if (const auto point = watch.on_packet(track.timestamp_at(now), at_seconds(arrival), report))
        timeline.add_point(track.name, *point);
    }
  }
};

/// How far the track's packets of the time are laid from where they belong: behind, in seconds.
inline double error_at(const SimulatedSender& sender, const SenderTimeline& timeline, std::size_t track, double time) {
  const SimulatedTrack& sent = sender.tracks[track];
  return seconds_of(timeline.time_of(sent.name, sent.timestamp_at(time)).value()) - (time + sender.way);
}

struct Errors {
  double largest = 0;  // of any track
  double apart = 0;    // of the first two from each other
};

inline Errors largest_errors(const SimulatedSender& sender, const SenderTimeline& timeline, double from, double to) {
  Errors errors;
  for (double time = from; time < to; time += 0.7) {
    const double first = error_at(sender, timeline, 0, time);
    const double second = error_at(sender, timeline, sender.tracks.size() > 1 ? 1 : 0, time);
    errors.largest = std::max({errors.largest, std::abs(first), std::abs(second)});
    errors.apart = std::max(errors.apart, std::abs(first - second));
  }
  return errors;
}

}  // namespace sluice::media
