#include "tests/load/load_stats.h"

namespace sluice::load {

void LoadStats::add(const LoadStats& other) noexcept {
  delay.add(other.delay);
  join.add(other.join);
  first_media.add(other.first_media);
  received += other.received;
  received_always += other.received_always;
  duplicates += other.duplicates;
  verified += other.verified;
  verify_errors += other.verify_errors;
  ice_restarts += other.ice_restarts;
  ice_restarts_answered += other.ice_restarts_answered;
  unattributed += other.unattributed;
  probes += other.probes;
  renumbered += other.renumbered;
  gap_expected += other.gap_expected;
  gap_received += other.gap_received;
  streams += other.streams;
  key_frame_requests += other.key_frame_requests;
  send_errors += other.send_errors;
  rtcp_received += other.rtcp_received;
  nacks_received += other.nacks_received;
}

}  // namespace sluice::load
