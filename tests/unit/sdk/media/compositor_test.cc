#include "sluice/media/compositor.h"

#include <doctest/doctest.h>

#include "sdk/media/src/look.h"
#include "tests/unit/sdk/media/pixels.h"

namespace sluice::media {
namespace {

using testing::differences;
using testing::halves;
using testing::is_about;
using testing::kBlue;
using testing::kGreen;
using testing::kRed;
using testing::pixel;
using testing::plain;

constexpr Size kCanvas{640, 360};
constexpr Size kSmall{320, 180};
constexpr Yuv kBackground = to_yuv(look::kBackground);
constexpr Yuv kSpeaking = to_yuv(look::kSpeaking);

SceneSource camera(const std::string& id) { return {.id = id, .label = ""}; }
SceneSource screen(const std::string& id) { return {.id = id, .label = "", .screen = true}; }

Rect place_of(LayoutKind kind, const std::vector<SceneSource>& scene, std::size_t source) {
  for (const Tile& tile : arrange(kind, scene, kCanvas)) {
    if (tile.source == source) return tile.place;
  }
  return {};
}

Yuv middle_of(const VideoFrame& frame, Rect place) {
  return pixel(frame, place.x + place.width / 2, place.y + place.height / 2);
}

class Studio {
 public:
  explicit Studio(LayoutKind layout = LayoutKind::grid)
      : compositor{{.canvas = kCanvas, .layout = layout, .threads = 2}}, layout_{layout} {}
  void scene(std::vector<SceneSource> sources) {
    sources_ = sources;
    compositor.set_scene(std::move(sources));
  }
  [[nodiscard]] Rect place(std::size_t source) const { return place_of(layout_, sources_, source); }
  [[nodiscard]] Yuv seen(std::size_t source) { return middle_of(compositor.compose(), place(source)); }

  Compositor compositor;

 private:
  LayoutKind layout_;
  std::vector<SceneSource> sources_;
};

}  // namespace

TEST_CASE("each source is seen in its tile") {
  Studio studio;
  studio.scene({camera("a"), camera("b"), camera("c")});
  studio.compositor.set_picture("a", plain(kSmall, kRed));
  studio.compositor.set_picture("b", plain({1280, 720}, kGreen));
  studio.compositor.set_picture("c", plain({64, 48}, kBlue));
  const VideoFrame frame = studio.compositor.compose();
  CHECK(frame.size() == kCanvas);
  CHECK(is_about(middle_of(frame, studio.place(0)), kRed));
  CHECK(is_about(middle_of(frame, studio.place(1)), kGreen));
  CHECK(is_about(middle_of(frame, studio.place(2)), kBlue));
  CHECK(pixel(frame, 0, 0) == kBackground);
  CHECK(pixel(frame, kCanvas.width - 1, kCanvas.height - 1) == kBackground);

  SUBCASE("up to the edges, but for the corners, which are round") {
    const Rect place = studio.place(0);
    CHECK(is_about(pixel(frame, place.x, place.y + place.height / 2), kRed));
    CHECK(is_about(pixel(frame, place.x + place.width - 1, place.y + place.height / 2), kRed));
    CHECK(is_about(pixel(frame, place.x + place.width / 2, place.y), kRed));
    CHECK(pixel(frame, place.x - 1, place.y + place.height / 2) == kBackground);
    CHECK(pixel(frame, place.x + place.width, place.y + place.height / 2) == kBackground);
    CHECK(std::abs(pixel(frame, place.x, place.y).y - kBackground.y) < 20);
  }
}

TEST_CASE("a picture stays until the next") {
  Studio studio;
  studio.scene({camera("a"), camera("b")});
  studio.compositor.set_picture("a", plain(kSmall, kRed));
  CHECK(is_about(studio.seen(0), kRed));
  studio.compositor.set_picture("b", plain(kSmall, kGreen));
  CHECK(is_about(studio.seen(0), kRed));
  CHECK(is_about(studio.seen(1), kGreen));
  studio.compositor.set_picture("a", plain(kSmall, kBlue));
  CHECK(is_about(studio.seen(0), kBlue));
}

TEST_CASE("where nothing has changed, the picture is the same again") {
  Studio studio;
  studio.scene({camera("a")});
  const VideoFrame red = plain(kSmall, kRed);
  studio.compositor.set_picture("a", red);
  const VideoFrame first = studio.compositor.compose();
  CHECK(studio.compositor.compose().get() == first.get());
  studio.compositor.set_picture("a", red);
  studio.compositor.set_picture("unknown", plain(kSmall, kBlue));
  studio.compositor.set_scene({camera("a")});
  studio.compositor.set_layout(LayoutKind::grid);
  CHECK(studio.compositor.compose().get() == first.get());
  studio.compositor.set_picture("a", plain(kSmall, kGreen));
  CHECK(studio.compositor.compose().get() != first.get());
}

TEST_CASE("pictures that were given out do not change any more") {
  Studio studio;
  studio.scene({camera("a"), camera("b")});
  std::vector<VideoFrame> frames;
  for (int i = 0; i < 8; ++i) {
    studio.compositor.set_picture("a", plain(kSmall, {static_cast<std::uint8_t>(40 + 20 * i), 128, 128}));
    frames.push_back(studio.compositor.compose());
  }
  for (int i = 0; i < 8; ++i) {
    CHECK(middle_of(frames[static_cast<std::size_t>(i)], studio.place(0)).y == 40 + 20 * i);
  }
}

TEST_CASE("a picture may outlive its compositor") {
  VideoFrame frame;
  {
    Studio studio;
    studio.scene({camera("a")});
    studio.compositor.set_picture("a", plain(kSmall, kRed));
    frame = studio.compositor.compose();
  }
  CHECK(is_about(pixel(frame, 320, 180), kRed));
}

TEST_CASE("a source may change its size at any time") {
  Studio studio;
  studio.scene({camera("a"), camera("b")});
  for (const Size size : {Size{320, 180}, Size{1280, 720}, Size{160, 90}, Size{333, 187}, Size{2, 2}, Size{3, 480},
                          Size{480, 30}, Size{640, 360}}) {
    CAPTURE(size.width);
    studio.compositor.set_picture("a", plain(size, kGreen));
    CHECK(is_about(studio.seen(0), kGreen));
    studio.compositor.set_picture("a", plain(size, kRed));
    CHECK(is_about(studio.seen(0), kRed));
  }
  studio.compositor.set_picture("a", plain({1, 1}, kBlue));
  studio.compositor.set_picture("a", VideoFrame{});
  CHECK(is_about(studio.seen(0), kRed));
}

TEST_CASE("nothing of a tile that changes gets into others") {
  Studio studio;
  std::vector<SceneSource> scene;
  for (int i = 0; i < 9; ++i) scene.push_back(camera(std::to_string(i)));
  studio.scene(scene);
  for (int i = 0; i < 9; ++i) studio.compositor.set_picture(std::to_string(i), plain(kSmall, kRed));
  const VideoFrame before = studio.compositor.compose();
  studio.compositor.set_picture("4", plain({1280, 720}, kGreen));
  const VideoFrame after = studio.compositor.compose();
  const Rect place = studio.place(4);
  CHECK(differences(before, after, place) > place.width * place.height * 9 / 10);
  CHECK(differences(before, after, {0, 0, kCanvas.width, kCanvas.height}) == differences(before, after, place));
}

TEST_CASE("sources come and go") {
  Studio studio;
  studio.scene({camera("a"), camera("b")});
  studio.compositor.set_picture("a", plain(kSmall, kRed));
  studio.compositor.set_picture("b", plain(kSmall, kGreen));
  CHECK(is_about(studio.seen(1), kGreen));
  studio.scene({camera("a")});
  CHECK(is_about(studio.seen(0), kRed));
  CHECK(is_about(pixel(studio.compositor.compose(), 2, 2), kRed));

  SUBCASE("and who returns has no picture of before") {
    studio.scene({camera("a"), camera("b")});
    CHECK(is_about(studio.seen(0), kRed));
    CHECK(!is_about(studio.seen(1), kGreen, 30));
    studio.compositor.set_picture("b", plain(kSmall, kBlue));
    CHECK(is_about(studio.seen(1), kBlue));
  }
  SUBCASE("also all of them") {
    studio.scene({});
    CHECK(pixel(studio.compositor.compose(), 2, 2) == kBackground);
    CHECK(studio.compositor.visible().empty());
  }
}

TEST_CASE("a camera that is off is a calm colour, the same for the same participant") {
  Studio studio;
  SceneSource off = camera("somebody");
  off.has_video = false;
  off.label = "Ada Lovelace";
  studio.scene({off, camera("b")});
  const Rect place = studio.place(0);
  const VideoFrame frame = studio.compositor.compose();
  const Yuv calm = to_yuv(look::calm_colour("somebody"));
  CHECK(pixel(frame, place.x + 20, place.y + 20) == calm);
  const Rect disc{place.x + place.width / 2 - 20, place.y + place.height / 2 - 20, 40, 40};
  CHECK(differences(frame, plain(kCanvas, calm), disc) == 40 * 40);

  SUBCASE("a picture that comes late changes nothing") {
    studio.compositor.set_picture("somebody", plain(kSmall, kRed));
    CHECK(studio.compositor.compose().get() == frame.get());
  }
  SUBCASE("and goes on when it is switched on") {
    off.has_video = true;
    studio.scene({off, camera("b")});
    studio.compositor.set_picture("somebody", plain(kSmall, kRed));
    CHECK(is_about(pixel(studio.compositor.compose(), place.x + 20, place.y + 20), kRed));
    off.has_video = false;
    studio.scene({off, camera("b")});
    CHECK(pixel(studio.compositor.compose(), place.x + 20, place.y + 20) == calm);
  }
}

TEST_CASE("who speaks has a frame around the tile, and nothing else changes") {
  Studio studio;
  studio.scene({camera("a"), camera("b")});
  studio.compositor.set_picture("a", plain(kSmall, kRed));
  studio.compositor.set_picture("b", plain(kSmall, kRed));
  const VideoFrame before = studio.compositor.compose();
  SceneSource speaker = camera("b");
  speaker.speaking = true;
  studio.scene({camera("a"), speaker});
  const VideoFrame framed = studio.compositor.compose();
  const Rect place = studio.place(1);
  const int middle = place.y + place.height / 2;
  const int width = look::frame_width(kCanvas);
  for (int i = 0; i < width; ++i) {
    CHECK(pixel(framed, place.x + i, middle) == kSpeaking);
    CHECK(pixel(framed, place.x + place.width - 1 - i, middle) == kSpeaking);
    CHECK(pixel(framed, place.x + place.width / 2, place.y + i) == kSpeaking);
    CHECK(pixel(framed, place.x + place.width / 2, place.y + place.height - 1 - i) == kSpeaking);
  }
  CHECK(is_about(pixel(framed, place.x + width, middle), kRed));
  CHECK(differences(before, framed, studio.place(0)) == 0);
  CHECK(pixel(framed, place.x - 1, middle) == kBackground);

  studio.scene({camera("a"), camera("b")});
  CHECK(differences(before, studio.compositor.compose(), {0, 0, kCanvas.width, kCanvas.height}) == 0);
}

TEST_CASE("a screen is shown whole on the background, and a camera's edges are cut off") {
  Studio studio{LayoutKind::presentation};
  studio.scene({screen("s")});
  studio.compositor.set_picture("s", halves({400, 360}, kRed, kBlue));
  const VideoFrame frame = studio.compositor.compose();
  CHECK(pixel(frame, 118, 180) == kBackground);
  CHECK(is_about(pixel(frame, 121, 1), kRed));
  CHECK(is_about(pixel(frame, 518, 358), kBlue));
  CHECK(pixel(frame, 521, 180) == kBackground);

  SUBCASE("also when it changes its shape") {
    studio.compositor.set_picture("s", plain({640, 200}, kGreen));
    const VideoFrame flat = studio.compositor.compose();
    CHECK(is_about(pixel(flat, 2, 180), kGreen));
    CHECK(pixel(flat, 320, 78) == kBackground);
    CHECK(pixel(flat, 320, 282) == kBackground);
  }
  SUBCASE("a camera fills its tile") {
    studio.scene({camera("c")});
    studio.compositor.set_picture("c", halves({400, 360}, kRed, kBlue));
    CHECK(is_about(pixel(studio.compositor.compose(), 1, 1), kRed));
    CHECK(is_about(pixel(studio.compositor.compose(), 638, 358), kBlue));
  }
  SUBCASE("but a telephone held upright is shown whole") {
    studio.scene({camera("c")});
    studio.compositor.set_picture("c", plain({360, 640}, kRed));
    const VideoFrame high = studio.compositor.compose();
    CHECK(is_about(pixel(high, 320, 1), kRed));
    CHECK(is_about(pixel(high, 320, 358), kRed));
    CHECK(pixel(high, 100, 180) == to_yuv(look::kBeside));
  }
}

TEST_CASE("the camera in the corner stays over the screen, whichever of them changes") {
  Studio studio{LayoutKind::presentation};
  studio.scene({camera("c"), screen("s")});
  studio.compositor.set_picture("c", plain(kSmall, kRed));
  studio.compositor.set_picture("s", plain({640, 360}, kGreen));
  CHECK(is_about(studio.seen(0), kRed));
  CHECK(is_about(studio.seen(1), kGreen));
  const VideoFrame first = studio.compositor.compose();
  const Rect all{0, 0, kCanvas.width, kCanvas.height};

  SUBCASE("a new picture of the screen lies below") {
    studio.compositor.set_picture("s", plain({640, 360}, kBlue));
    CHECK(is_about(studio.seen(0), kRed));
    CHECK(is_about(studio.seen(1), kBlue));
  }
  SUBCASE("again and again, its round corners stay as they are") {
    for (int i = 0; i < 5; ++i) {
      studio.compositor.set_picture("c", plain(kSmall, kRed));
      CHECK(differences(first, studio.compositor.compose(), all) == 0);
    }
  }
}

TEST_CASE("another layout is drawn at once") {
  Studio studio;
  studio.scene({camera("a"), camera("b"), screen("s")});
  studio.compositor.set_picture("a", plain(kSmall, kRed));
  studio.compositor.set_picture("s", plain(kSmall, kGreen));
  static_cast<void>(studio.compositor.compose());
  studio.compositor.set_layout(LayoutKind::presentation);
  const VideoFrame frame = studio.compositor.compose();
  CHECK(is_about(pixel(frame, 1, 1), kGreen));
  CHECK(
      is_about(middle_of(frame, place_of(LayoutKind::presentation, {camera("a"), camera("b"), screen("s")}, 0)), kRed));
}

TEST_CASE("those that are not seen need not be decoded") {
  Studio studio{LayoutKind::presentation};
  SceneSource off = camera("off");
  off.has_video = false;
  off.speaking = true;
  studio.scene({camera("a"), camera("b"), screen("s"), off});
  CHECK(studio.compositor.visible() == std::vector<std::string>{"s"});
  off.speaking = false;
  studio.scene({camera("a"), camera("b"), screen("s"), off});
  CHECK(studio.compositor.visible() == std::vector<std::string>{"s", "a"});
  studio.compositor.set_layout(LayoutKind::grid);
  CHECK(studio.compositor.visible() == std::vector<std::string>{"a", "b", "s"});
}

TEST_CASE("a canvas has even sides of some size") {
  for (const Size size :
       {Size{0, 0}, Size{641, 360}, Size{640, 361}, Size{32, 32}, Size{-640, 360}, Size{100'000, 64}}) {
    CHECK_THROWS_AS((Compositor{CompositorOptions{.canvas = size}}), MediaError);
  }
}

}  // namespace sluice::media
