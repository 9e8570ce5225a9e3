#include "quality/e_model.h"

#include <algorithm>
#include <cmath>

namespace sluice::analytics {

namespace {

// G.107 clause 7.7: what all default values together give, R0 - Is, where there is no delay and no loss.
constexpr double kDefaultRating = 93.2;
// A of clause 7.6: nobody expects less of a call because it comes over the Internet.
constexpr double kAdvantage = 0;

// Of Opus neither Ie nor Bpl has been published for this scale. Assumed is what G.113 Appendix I (Table I.4) has for
// G.711 with packet loss concealment: Opus codes speech no worse, and conceals no worse, also without its in-band FEC.
constexpr double kCodecImpairment = 0;    // Ie
constexpr double kLossRobustness = 25.1;  // Bpl
constexpr double kBurstRatio = 1;         // BurstR: losses are taken as independent of each other
constexpr double kWorstImpairment = 95;   // clause 7.5: what nothing but losses comes to

// Clause 7.4: mT and sT of the default user group.
constexpr double kNoticedDelayMs = 100;
constexpr double kDelaySensitivity = 1;

// A frame of 20 ms and Opus' look-ahead of 6.5 ms (RFC 6716 section 2.1.4 and 4.2).
constexpr double kCodecDelayMs = 26.5;
// Of jitter buffers that nobody tells us about: a packet's time, and twice the jitter, which holds about 19 of 20
// packets where the delay is distributed normally.
constexpr double kLeastBufferMs = 20;
constexpr double kBufferPerJitter = 2;

// Idd of clause 7.4. Echo has no part in Id: clients cancel it, and what TELR and WEPL stand for is endless.
double delay_impairment(double ms) noexcept {
  if (ms <= kNoticedDelayMs) return 0;
  const double x = std::log2(ms / kNoticedDelayMs);
  const double power = 6 * kDelaySensitivity;
  const auto root = [power](double y) { return std::pow(1 + std::pow(y, power), 1 / power); };
  return 25 * (root(x) - 3 * root(x / 3) + 2);
}

// Ie,eff of clause 7.5; losses in percent.
double loss_impairment(double loss) noexcept {
  const double percent = 100 * std::clamp(loss, 0.0, 1.0);
  return kCodecImpairment + (kWorstImpairment - kCodecImpairment) * percent / (percent / kBurstRatio + kLossRobustness);
}

}  // namespace

double rating_of(const SpeechPath& path) noexcept {
  const double rating = kDefaultRating - delay_impairment(path.one_way_ms) - loss_impairment(path.loss) + kAdvantage;
  return std::clamp(rating, 0.0, 100.0);
}

double opinion_of(double rating) noexcept {
  if (rating <= 0) return 1;
  if (rating >= 100) return 4.5;
  const double opinion = 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6;
  return std::max(opinion, 1.0);  // the cubic dips below 1 where R is under 6.5
}

double one_way_ms(const Hop& hop) noexcept {
  const bool known = hop.jitter_buffer_ms >= 0;
  const double buffer = known ? hop.jitter_buffer_ms : kLeastBufferMs + kBufferPerJitter * hop.jitter_ms;
  return hop.round_trip_ms / 2 + buffer + kCodecDelayMs;
}

}  // namespace sluice::analytics
