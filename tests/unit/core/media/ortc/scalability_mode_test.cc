#include "core/media/ortc/scalability_mode.h"

#include <doctest/doctest.h>

namespace sluice::ortc {

TEST_CASE("scalability modes of webrtc-svc are read") {
  CHECK(parse_scalability_mode("L1T1") == ScalabilityMode{});
  CHECK(parse_scalability_mode("L1T3") == ScalabilityMode{.temporal_layers = 3});
  CHECK(parse_scalability_mode("L2T2h") == ScalabilityMode{.spatial_layers = 2, .temporal_layers = 2});
  CHECK(parse_scalability_mode("S2T1") == ScalabilityMode{.spatial_layers = 2, .independent_layers = true});
  const ScalabilityMode k_svc{.spatial_layers = 3, .temporal_layers = 3, .key_frames_only = true};
  CHECK(parse_scalability_mode("L3T3_KEY") == k_svc);
  CHECK(parse_scalability_mode("L3T3_KEY_SHIFT") == k_svc);
}

TEST_CASE("anything else is no scalability mode") {
  for (const std::string_view text :
       {"", "L1", "L1T", "L0T1", "L1T0", "L9T1", "l1t3", "L1T3x", "L1T3_", "L1T3_KEYS", "M1T1", "L11T1"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_scalability_mode(text));
  }
}

}  // namespace sluice::ortc
