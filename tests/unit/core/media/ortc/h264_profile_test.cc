#include "core/media/ortc/h264_profile.h"

#include <doctest/doctest.h>

namespace sluice::ortc {
namespace {

FormatParameters h264(std::string_view profile_level_id, int asymmetry = 1) {
  return {{"profile-level-id", json::value(profile_level_id)}, {"level-asymmetry-allowed", asymmetry}};
}

}  // namespace

TEST_CASE("profile-level-id names profiles as RFC 6184 table 5 does") {
  struct Row {
    std::string_view text;
    H264Profile profile;
  };
  for (const Row& row : {Row{"42e01f", H264Profile::constrained_baseline},
                         {"42c01f", H264Profile::constrained_baseline},
                         {"4de01f", H264Profile::constrained_baseline},
                         {"58f01f", H264Profile::constrained_baseline},
                         {"42001f", H264Profile::baseline},
                         {"42a01f", H264Profile::baseline},
                         {"58a01f", H264Profile::baseline},
                         {"4d001f", H264Profile::main},
                         {"4d401f", H264Profile::main},
                         {"640c1f", H264Profile::constrained_high},
                         {"64001f", H264Profile::high},
                         {"f4001f", H264Profile::high_444_predictive},
                         {"42E01F", H264Profile::constrained_baseline}}) {
    CAPTURE(row.text);
    const auto parsed = parse_profile_level_id(row.text);
    REQUIRE(parsed);
    CHECK(parsed->profile == row.profile);
    CHECK(parsed->level == 31);
  }
}

TEST_CASE("level 1b is level 1.1 with constraint_set3") {
  CHECK(parse_profile_level_id("42f00b")->level_1b);
  CHECK_FALSE(parse_profile_level_id("42e00b")->level_1b);
}

TEST_CASE("what is no profile-level-id is refused") {
  for (const std::string_view text :
       {"", "42e0", "42e01f0", "42e01g", "+42e01", "0x42e0", "42e000", "42e0ff", "58001f", "64081f", "ff001f"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_profile_level_id(text));
  }
}

TEST_CASE("profiles are compared, levels are not") {
  CHECK(same_h264_profile(h264("42e01f"), h264("42c034")));
  CHECK_FALSE(same_h264_profile(h264("42e01f"), h264("42001f")));
  CHECK_FALSE(same_h264_profile(h264("42e01f"), h264("4d001f")));
  CHECK_FALSE(same_h264_profile(h264("nonsense"), h264("nonsense")));
  CHECK(same_h264_profile({}, h264("42e01f")));
}

TEST_CASE("the level is the sender's where both allow asymmetry, else the lower one") {
  CHECK(negotiated_profile_level_id(h264("42e034"), h264("42e01f")) == "42e034");
  CHECK(negotiated_profile_level_id(h264("42e034", 0), h264("42e01f")) == "42e01f");
  CHECK(negotiated_profile_level_id(h264("42e034"), h264("42e01f", 0)) == "42e01f");
  CHECK(negotiated_profile_level_id(h264("42e01f"), h264("42e034", 0)) == "42e01f");
  CHECK(negotiated_profile_level_id(h264("42e00b", 0), h264("42f00b", 0)) == "42f00b");  // 1b is below 1.1
  CHECK(negotiated_profile_level_id(h264("42f00b", 0), h264("42e00a", 0)) == "42e00a");  // and above 1
  CHECK_FALSE(negotiated_profile_level_id(h264("42e01f"), h264("4d001f")));
}

}  // namespace sluice::ortc
