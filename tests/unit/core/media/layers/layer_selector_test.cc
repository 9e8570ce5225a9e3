#include "core/media/layers/layer_selector.h"

#include <doctest/doctest.h>

#include <chrono>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/core/media/layers/svc_source.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;
using test::Prediction;
using test::SvcFrame;
using test::SvcSource;
constexpr Instant t0 = Instant{} + std::chrono::hours{1};

/// What a receiver gets of an SVC stream; checks that it can decode all of it.
struct Viewer {
  Viewer(std::uint8_t spatial, std::uint8_t temporal, Prediction prediction) : source{spatial, temporal, prediction} {
    selector.reset(1);
  }

  /// @return The picture's frames that were sent, as `S0T0 S1T0`.
  std::string picture(bool key = false) {
    std::string sent;
    int last_marked = 0;
    for (const SvcFrame& frame : source.next_picture(key)) {
      const bool top = frame.layers.spatial + 1 == frame.layers.spatial_layers;
      if (!packets(frame, top, last_marked)) continue;
      for (const int reference : frame.references) CHECK(decoded.contains(reference));
      decoded.insert(frame.number);
      sent += (sent.empty() ? "S" : " S") + std::to_string(frame.layers.spatial) + "T" +
              std::to_string(frame.layers.temporal);
    }
    if (!sent.empty()) CHECK(last_marked == 1);  // the picture's last packet, and that one alone
    now += 33ms;
    return sent;
  }
  std::vector<std::string> pictures(int count) {
    std::vector<std::string> sent;
    for (int i = 0; i < count; ++i) sent.push_back(picture());
    return sent;
  }
  /// A key picture when one was asked for.
  std::string answer() { return picture(std::exchange(asked, 0) > 0); }

  LayerSelector selector;
  SvcSource source;
  std::set<int> decoded;
  Instant now = t0;
  int asked = 0;

 private:
  /// The two packets of a frame: both go, or none.
  bool packets(const SvcFrame& frame, bool top, int& marked) {
    PacketLayers first = frame.layers;
    first.begins_frame = true;
    PacketLayers last = frame.layers;
    last.keyframe = false;
    last.switches_spatial_to = last.switches_temporal_to = 0;
    last.ends_frame = true;
    last.ends_picture = top;
    const auto one = selector.choose(0, first, frame.timestamp, now);
    const auto two = selector.choose(0, last, frame.timestamp, now);
    asked += one.keyframe_of.has_value() ? 1 : 0;
    CHECK(one.forward == two.forward);
    if (!one.forward) return false;
    CHECK_FALSE(LayerSelector::ends_picture(first, selector.position()));
    if (marked > 0) marked = 2;  // something came behind the marker
    if (LayerSelector::ends_picture(last, selector.position())) ++marked;
    return true;
  }
};

PacketLayers key_packet() {
  return {.keyframe = true, .begins_frame = true, .switches_temporal_to = kTopLayer, .switches_spatial_to = kTopLayer};
}

/// Single packets of simulcast encodings.
struct Simulcast {
  Simulcast() { selector.reset(3); }
  LayerSelector::Choice key(std::uint8_t encoding) {
    return selector.choose(encoding, key_packet(), RtpTimestamp{tick += 3000}, now);
  }
  LayerSelector::Choice delta(std::uint8_t encoding, std::uint8_t temporal = 0) {
    return selector.choose(encoding, {.temporal = temporal, .begins_frame = true}, RtpTimestamp{tick += 3000}, now);
  }
  void all_delta() {
    for (std::uint8_t encoding = 0; encoding < 3; ++encoding) static_cast<void>(delta(encoding));
    now += 33ms;
  }
  LayerSelector selector;
  Instant now = t0;
  std::uint32_t tick = 0;
};

}  // namespace

TEST_CASE("without a target everything is sent, from the first key picture on") {
  Viewer viewer{3, 3, Prediction::full};
  CHECK(viewer.picture().empty());
  CHECK(viewer.asked > 0);
  CHECK(viewer.picture(true) == "S0T0 S1T0 S2T0");
  CHECK(viewer.pictures(3) == std::vector<std::string>{"S0T2 S1T2 S2T2", "S0T1 S1T1 S2T1", "S0T2 S1T2 S2T2"});
  static_cast<void>(viewer.picture());
  CHECK(viewer.selector.current() == LayerPosition{2, 2});
  CHECK_FALSE(viewer.selector.waits());
}

TEST_CASE("L3T3: down at the next picture, up at the next key picture, which is asked for") {
  Viewer viewer{3, 3, Prediction::full};
  static_cast<void>(viewer.picture(true));
  viewer.selector.set_target(LayerPosition{1, 2});
  CHECK(viewer.picture() == "S0T2 S1T2");
  viewer.selector.set_target(LayerPosition{0, 0});
  CHECK(viewer.pictures(3) == std::vector<std::string>{"", "", "S0T0"});
  CHECK(viewer.selector.current() == LayerPosition{0, 0});
  CHECK(viewer.asked == 0);
  viewer.selector.set_target(LayerPosition{2, 2});
  CHECK(viewer.picture() == "");  // T2, which no switching point has allowed yet
  CHECK(viewer.asked == 1);
  CHECK(viewer.pictures(3) == std::vector<std::string>{"", "", "S0T0"});
  CHECK(viewer.pictures(2) == std::vector<std::string>{"S0T2", "S0T1"});
  CHECK(viewer.picture(true) == "S0T0 S1T0 S2T0");
  CHECK(viewer.picture() == "S0T2 S1T2 S2T2");
}

TEST_CASE("L3T3_KEY: between key pictures one spatial layer alone is sent") {
  Viewer viewer{3, 3, Prediction::key_only};
  CHECK(viewer.picture(true) == "S0T0 S1T0 S2T0");
  CHECK(viewer.pictures(3) == std::vector<std::string>{"S2T2", "S2T1", "S2T2"});
  viewer.selector.set_target(LayerPosition{1, 2});
  SUBCASE("down takes a key picture, too; until it comes the lowest frame rate goes on") {
    CHECK(viewer.pictures(4) == std::vector<std::string>{"S2T0", "", "", ""});
    CHECK(viewer.asked == 4);
    CHECK(viewer.picture(true) == "S0T0 S1T0");
    CHECK(viewer.pictures(2) == std::vector<std::string>{"S1T2", "S1T1"});
    CHECK(viewer.selector.current() == LayerPosition{1, 2});
  }
  SUBCASE("a target that comes back costs nothing") {
    CHECK(viewer.picture() == "S2T0");
    viewer.selector.set_target(kEveryLayer);
    CHECK(viewer.pictures(3) == std::vector<std::string>{"", "", ""});
    CHECK(viewer.pictures(2) == std::vector<std::string>{"S2T0", "S2T2"});
  }
}

TEST_CASE("temporal layers are taken up where a frame that is sent is a switching point") {
  Viewer viewer{1, 3, Prediction::full};
  viewer.selector.set_target(LayerPosition{0, 0});
  CHECK(viewer.picture(true) == "S0T0");
  CHECK(viewer.pictures(3) == std::vector<std::string>{"", "", ""});
  viewer.selector.set_target(LayerPosition{0, 1});
  CHECK(viewer.pictures(4) == std::vector<std::string>{"S0T0", "", "S0T1", ""});
  viewer.selector.set_target(LayerPosition{0, 2});
  CHECK(viewer.pictures(4) == std::vector<std::string>{"S0T0", "S0T2", "S0T1", "S0T2"});
  CHECK(viewer.asked == 0);
}

TEST_CASE("VP8's layer sync takes temporal layers one after the other") {
  LayerSelector selector;
  selector.set_target(LayerPosition{0, 0});
  std::uint32_t tick = 0;
  const auto send = [&](std::uint8_t temporal, bool sync) {
    return selector
        .choose(0, {.temporal = temporal, .begins_frame = true, .needs_base_only = sync}, RtpTimestamp{tick += 3000},
                t0)
        .forward;
  };
  REQUIRE(selector.choose(0, key_packet(), RtpTimestamp{0}, t0).forward);
  selector.set_target(kEveryLayer);
  CHECK_FALSE(send(2, true));   // the T1 behind it may need a T1 that was left out
  CHECK_FALSE(send(1, false));  // as this one does
  CHECK_FALSE(send(2, false));
  CHECK(send(0, false));
  CHECK_FALSE(send(2, true));
  CHECK(send(1, true));
  CHECK_FALSE(send(2, false));
  CHECK(send(0, false));
  CHECK(send(2, true));
  CHECK(send(1, false));
  CHECK(send(2, false));
}

TEST_CASE("without a target layer nothing is sent, and afterwards it takes a key frame") {
  Viewer viewer{1, 1, Prediction::full};
  CHECK(viewer.picture(true) == "S0T0");
  viewer.selector.set_target(std::nullopt);
  CHECK_FALSE(viewer.selector.current());
  CHECK(viewer.picture(true).empty());
  viewer.selector.set_target(kEveryLayer);
  CHECK(viewer.picture().empty());
  CHECK(viewer.answer() == "S0T0");
}

TEST_CASE("the receiver's limit and the target: the lower one counts, of each sort of layer") {
  Viewer viewer{3, 3, Prediction::full};
  viewer.selector.set_limit({1, 2});
  viewer.selector.set_target(LayerPosition{2, 0});
  CHECK(viewer.picture(true) == "S0T0 S1T0");
  CHECK(viewer.pictures(3) == std::vector<std::string>{"", "", ""});
  CHECK(viewer.selector.current() == LayerPosition{1, 0});
}

TEST_CASE("a spatial layer that the sender gives up is left for the one below") {
  Viewer viewer{2, 1, Prediction::key_only};
  static_cast<void>(viewer.picture(true));
  SvcSource lower{1, 1, Prediction::full};
  viewer.source = lower;
  viewer.source.next_picture(true);
  // S1 is gone, and the S0 that comes has not been sent since the key picture: only a key picture helps.
  for (int i = 0; i < 2 * LayerSelector::kLayerSilence + 2 && viewer.asked == 0; ++i) {
    PacketLayers layers{.spatial_layers = 2, .begins_frame = true, .used_by_upper_spatial = false};
    const auto choice = viewer.selector.choose(0, layers, RtpTimestamp{static_cast<std::uint32_t>(i)}, viewer.now);
    CHECK_FALSE(choice.forward);
    viewer.asked += choice.keyframe_of.has_value() ? 1 : 0;
  }
  CHECK(viewer.asked > 0);
  CHECK(viewer.picture(true) == "S0T0");
  CHECK(viewer.picture() == "S0T0");
}

TEST_CASE_FIXTURE(Simulcast, "another encoding begins with a key frame, and the old one goes on until then") {
  CHECK_FALSE(key(0).begins_encoding);  // whoever has nothing takes what is allowed
  CHECK(selector.current() == LayerPosition{0, 0});
  all_delta();
  CHECK(delta(2).keyframe_of == 2);
  CHECK(delta(0).forward);
  CHECK(selector.waits());
  const auto changed = key(2);
  CHECK(changed.forward);
  CHECK(changed.begins_encoding);
  CHECK_FALSE(delta(0).forward);
  CHECK_FALSE(key(1).forward);
  CHECK(selector.current() == LayerPosition{2, 0});
}

TEST_CASE_FIXTURE(Simulcast, "down to another encoding: asked for at once, and meanwhile the lowest frame rate") {
  static_cast<void>(key(2));
  all_delta();
  CHECK(delta(2, 1).forward);
  selector.set_target(LayerPosition{1, kEveryLayer.temporal});
  CHECK(delta(1).keyframe_of == 1);
  CHECK(delta(2, 0).forward);
  CHECK_FALSE(delta(2, 1).forward);
  CHECK_FALSE(key(0).forward);  // worse than what is allowed, and there is something
  CHECK(key(1).begins_encoding);
  CHECK_FALSE(delta(2).forward);
}

TEST_CASE_FIXTURE(Simulcast, "an encoding above the target is not taken at the start, unless nothing else is sent") {
  selector.set_target(LayerPosition{0, kEveryLayer.temporal});
  static_cast<void>(delta(0));
  CHECK_FALSE(key(1).forward);
  CHECK(key(0).forward);
  now += 2s;
  CHECK(delta(1).keyframe_of == 1);
  CHECK(key(1).forward);
}

TEST_CASE("whatever targets come, a decoder gets what it needs, and it settles on the target") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    for (const Prediction prediction : {Prediction::full, Prediction::key_only}) {
      CAPTURE(seed);
      std::mt19937 random{seed};
      const auto spatial = static_cast<std::uint8_t>(1 + random() % 3);
      const auto temporal = static_cast<std::uint8_t>(1 + random() % 3);
      Viewer viewer{spatial, temporal, prediction};
      for (int i = 0; i < 300; ++i) {
        if (random() % 10 == 0) {
          viewer.selector.set_target(
              LayerPosition{static_cast<std::uint8_t>(random() % 4), static_cast<std::uint8_t>(random() % 4)});
        }
        if (random() % 50 == 0) viewer.selector.set_target(std::nullopt);
        if (random() % 40 == 0) viewer.selector.restart();
        static_cast<void>(random() % 3 == 0 ? viewer.answer() : viewer.picture(random() % 40 == 0));
      }
      viewer.selector.set_target(LayerPosition{1, 1});
      for (int i = 0; i < 70; ++i) static_cast<void>(viewer.answer());
      const LayerPosition most{std::min<std::uint8_t>(1, static_cast<std::uint8_t>(spatial - 1)),
                               std::min<std::uint8_t>(1, static_cast<std::uint8_t>(temporal - 1))};
      CHECK(viewer.selector.current() == most);
      CHECK_FALSE(viewer.selector.waits());
    }
  }
}

TEST_CASE("who asks again and again is not kept waiting for an encoding that nobody sends") {
  LayerSelector selector;
  selector.reset(3);
  CHECK(selector.encoding_to_ask(t0) == 2);
  for (Duration passed = 33ms; passed < 3s; passed += 33ms) {
    static_cast<void>(selector.choose(0, {}, RtpTimestamp{static_cast<std::uint32_t>(passed / 1ms)}, t0 + passed));
    const std::uint8_t asked = selector.encoding_to_ask(t0 + passed);
    CHECK(asked == (passed < LayerSelector::kEncodingSilence ? 2 : 0));
  }
}

}  // namespace sluice
