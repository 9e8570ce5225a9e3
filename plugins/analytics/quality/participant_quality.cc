#include "quality/participant_quality.h"

#include <algorithm>

#include "quality/e_model.h"

namespace sluice::analytics {

struct Findings {
  QualitySample sample{};
  bool receives = false;  // media, not feedback alone
  bool sends_audio = false;
  bool cut_off = false;
  std::optional<double> jitter_up{};  // of the sound it sends
  std::optional<double> jitter_down{};
  std::optional<double> jitter_buffer_ms{};
  std::optional<double> audio_loss_up{};
  std::optional<double> unheard{};  // 0 to 1 of what it should hear: lost, or come too late
  std::optional<double> frozen{};
  std::optional<double> camera_rate{};
};

namespace {

// Less than this of a transport is feedback and the pauses of speech: of it, nothing is known about the way down.
constexpr std::int64_t kLeastMediaBps = 16'000;
// What is older is not shown as the present.
constexpr Duration kPresent = std::chrono::seconds{5};
constexpr int kMostFreezes = 10'000;  // in one second

void keep_worse(std::optional<double>& kept, std::optional<double> other) noexcept {
  if (other && (!kept || *other > *kept)) kept = other;
}

void look_at_transports(const std::vector<TransportStats>& transports, Findings& found) noexcept {
  QualitySample& sample = found.sample;
  for (const TransportStats& one : transports) {
    found.cut_off = found.cut_off || one.state == TransportState::disconnected;
    if (one.state != TransportState::connected) continue;
    sample.up_bps += one.receiving_bps;
    sample.down_bps += one.sending_bps;
    keep_worse(sample.round_trip_ms, one.round_trip_time_ms);
    if (one.sending_bps < kLeastMediaBps) continue;
    found.receives = true;
    keep_worse(sample.loss_down, one.fraction_lost);
  }
}

std::optional<double> opinion(double round_trip_ms, double jitter_ms, std::optional<double> buffer_ms,
                              std::optional<double> loss) noexcept {
  if (!loss) return std::nullopt;
  const double delay =
      one_way_ms({.round_trip_ms = round_trip_ms, .jitter_ms = jitter_ms, .jitter_buffer_ms = buffer_ms.value_or(-1)});
  return opinion_of(rating_of({.one_way_ms = delay, .loss = *loss}));
}

/// The worse of what it hears and how it is heard.
std::optional<double> opinion(const Findings& found) noexcept {
  if (!found.sample.round_trip_ms) return std::nullopt;
  const double round_trip = *found.sample.round_trip_ms;
  const auto heard = opinion(round_trip, found.jitter_down.value_or(0), found.jitter_buffer_ms, found.unheard);
  if (!found.sends_audio) return heard;
  const auto said = opinion(round_trip, found.jitter_up.value_or(0), std::nullopt, found.audio_loss_up);
  return heard && said ? std::min(*heard, *said) : heard ? heard : said;
}

std::optional<Grade> grade_of(const Findings& found) noexcept {
  return grade_of(Measures{.loss = worse_loss(found.sample),
                           .round_trip_ms = found.sample.round_trip_ms,
                           .jitter_ms = found.sample.jitter_ms,
                           .mos = found.sample.mos,
                           .frozen = found.frozen,
                           .camera_rate = found.camera_rate,
                           .cut_off = found.cut_off});
}

}  // namespace

std::optional<QualitySample> ParticipantQuality::take_second(const ParticipantMediaStats& stats, Instant now,
                                                             WallTime at) {
  Findings found;
  look_at_transports(stats.transports, found);
  look_at_tracks(stats, found);
  look_at_report(found, now);
  QualitySample& sample = found.sample;
  keep_worse(sample.jitter_ms, found.jitter_up);
  keep_worse(sample.jitter_ms, found.jitter_down);
  sample.mos = opinion(found);
  const auto measured = grade_of(found);
  sample.grade = steady_.update(measured);
  if (!measured) return std::nullopt;
  sampled_at_ = now;
  ring_.push({.at = at, .quality = sample});
  return sample;
}

// The jitter is that of sound alone: the packets of a picture have one timestamp and are sent one after the other,
// which looks like jitter and is none.
void ParticipantQuality::look_at_tracks(const ParticipantMediaStats& stats, Findings& found) {
  for (const ParticipantMediaStats::Track& track : stats.tracks) {
    const bool audio = track.track.kind == MediaKind::audio;
    for (const RtpStreamStats& stream : track.streams) {
      const auto growth = counters_.look_at(stream);
      if (!growth || growth->expected() == 0) continue;
      loss_.add(growth->lost, growth->expected());
      if (!audio) continue;
      audio_loss_.add(growth->lost, growth->expected());
      found.sends_audio = true;
      keep_worse(found.jitter_up, stream.jitter_ms);
    }
  }
  counters_.end_second();
  found.sample.loss_up = loss_.end_second();
  found.audio_loss_up = audio_loss_.end_second();
}

// What we measure ourselves stands; a report adds what we cannot see.
void ParticipantQuality::look_at_report(Findings& found, Instant now) noexcept {
  found.unheard = found.sample.loss_down;
  if (report_ && now - reported_at_ > kReportLives) report_.reset();
  if (!report_) return;
  QualitySample& sample = found.sample;
  if (!sample.round_trip_ms) sample.round_trip_ms = report_->round_trip_ms;
  sample.width = report_->width;
  sample.height = report_->height;
  sample.frames_per_second = report_->frames_per_second;
  if (report_->frozen) sample.frozen_ms = *report_->frozen * 1'000;
  sample.freezes = report_->freezes;
  if (report_->freezes) report_->freezes = 0;  // each is counted in one second only
  found.frozen = report_->frozen;
  found.camera_rate = report_->camera_rate;
  found.jitter_down = report_->jitter_ms;
  found.jitter_buffer_ms = report_->jitter_buffer_ms;
  if (found.receives) keep_worse(found.unheard, report_->concealed);
}

void ParticipantQuality::take_report(const ReportedQuality& report, Instant now) noexcept {
  const int uncounted = report_ ? report_->freezes.value_or(0) : 0;  // of a report that no second has looked at
  report_ = report;
  if (uncounted > 0) report_->freezes = std::min(report_->freezes.value_or(0) + uncounted, kMostFreezes);
  reported_at_ = now;
}

std::optional<QualitySample> ParticipantQuality::last(Instant now) const noexcept {
  if (ring_.empty() || now - sampled_at_ > kPresent) return std::nullopt;
  return ring_.newest().quality;
}

std::optional<double> worse_loss(const QualitySample& sample) noexcept {
  std::optional<double> worse = sample.loss_up;
  keep_worse(worse, sample.loss_down);
  return worse;
}

}  // namespace sluice::analytics
