#include <doctest/doctest.h>

#include "sdk/media/src/ffmpeg.h"
#include "sdk/media/src/look.h"
#include "sdk/media/src/picture_converter.h"
#include "sdk/media/src/text_line.h"
#include "sdk/media/src/text_renderer.h"
#include "sluice/media/compositor.h"
#include "tests/unit/sdk/media/generated.h"
#include "tests/unit/sdk/media/pixels.h"

namespace sluice::media {
namespace {

using testing::differences;
using testing::is_about;
using testing::kBlue;
using testing::kGreen;
using testing::kRed;
using testing::pixel;
using testing::plain;
using testing::TemporaryFolder;

constexpr Size kCanvas{640, 360};
constexpr Rect kWhole{0, 0, 640, 360};
constexpr Rect kLowerLeft{0, 300, 320, 60};
constexpr Yuv kBackground = to_yuv(look::kBackground);

struct Rgba {
  std::uint8_t red, green, blue, alpha;
};

void write_png(const std::string& path, Size size, Rgba left, Rgba right) {
  const AVCodec* const codec = avcodec_find_encoder(AV_CODEC_ID_PNG);
  const auto encoder = ffmpeg::owned<ffmpeg::CodecPtr>(avcodec_alloc_context3(codec));
  encoder->width = size.width;
  encoder->height = size.height;
  encoder->pix_fmt = AV_PIX_FMT_RGBA;
  encoder->time_base = {1, 1};
  ffmpeg::check(avcodec_open2(encoder.get(), codec, nullptr), "png");
  const auto frame = ffmpeg::make_picture(size, AV_PIX_FMT_RGBA);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const Rgba& colour = x < size.width / 2 ? left : right;
      std::uint8_t* const out = frame->data[0] + y * frame->linesize[0] + x * 4;
      out[0] = colour.red, out[1] = colour.green, out[2] = colour.blue, out[3] = colour.alpha;
    }
  }
  ffmpeg::check(avcodec_send_frame(encoder.get(), frame.get()), "png");
  const auto packet = ffmpeg::owned<ffmpeg::PacketPtr>(av_packet_alloc());
  ffmpeg::check(avcodec_receive_packet(encoder.get(), packet.get()), "png");
  testing::write_content(path, {reinterpret_cast<const char*>(packet->data), static_cast<std::size_t>(packet->size)});
}

VideoFrame with_label(const std::string& label, bool labels = true) {
  Compositor compositor{{.canvas = kCanvas, .labels = labels, .threads = 1}};
  compositor.set_scene({{.id = "a", .label = label}});
  compositor.set_picture("a", plain(kCanvas, kRed));
  return compositor.compose();
}

int ink_of(const std::string& label) { return differences(with_label(label), plain(kCanvas, kRed), kWhole); }

VideoFrame empty_scene(CompositorOptions options) {
  options.canvas = kCanvas;
  return Compositor{options}.compose();
}

}  // namespace

TEST_CASE("a name stands in the lower left of its tile") {
  const VideoFrame frame = with_label("Ada Lovelace");
  const VideoFrame bare = plain(kCanvas, kRed);
  CHECK(differences(frame, bare, kLowerLeft) > 200);
  CHECK(differences(frame, bare, kLowerLeft) == differences(frame, bare, kWhole));
  CHECK(pixel(frame, 10, 340).y < kRed.y);  // the band
  CHECK(ink_of("") == 0);
  CHECK(differences(with_label("Ada", false), bare, kWhole) == 0);

  SUBCASE("another name is another picture") { CHECK(differences(frame, with_label("Ada Lovelaca"), kWhole) > 0); }
  SUBCASE("names in other scripts are drawn") {
    for (const char* name : {"Алексей", "Ελένη", "עדה", "Ադա", "Zoë"}) CHECK(ink_of(name) > 100);
  }
}

TEST_CASE("the same picture with another name is drawn anew") {
  Compositor compositor{{.canvas = kCanvas}};
  compositor.set_scene({{.id = "a", .label = "Ada"}});
  compositor.set_picture("a", plain(kCanvas, kRed));
  const VideoFrame before = compositor.compose();
  compositor.set_scene({{.id = "a", .label = "Ada Lovelace"}});
  const VideoFrame after = compositor.compose();
  CHECK(differences(before, after, kLowerLeft) > 100);
  CHECK(differences(after, with_label("Ada Lovelace"), kWhole) == 0);
}

TEST_CASE("a hostile name is drawn as it is written") {
  TextRenderer renderer{""};
  const auto width = [&renderer](std::string_view text) {
    return renderer.render(clean_line(text), 20, 2000).size.width;
  };
  // Were it expanded, or read as an option or as its end, it would be as wide as something else.
  for (const std::string_view text :
       {"%{localtime}", "%{n}", "%%", "%Y-%m-%d", "a:fontsize=200:x=1", "it's", "\\n\\t", "[in]null[out];", "a,b;c",
        "x' : fontfile=/etc/passwd", "%{eif:1:d}", "\\\\", "100%", "${HOME}"}) {
    CAPTURE(text);
    const int alone = width(text);
    CHECK(alone > 0);
    const int between = width("|" + std::string{text} + "|") - width("||");
    CHECK(std::abs(between - alone) <= 8);
    CHECK(width(std::string{text} + std::string{text}) >= 2 * alone - 2);
  }
  CHECK(width("%{localtime}") > width("%{localtim}"));
  CHECK(width("a\nb") == width("a b"));
}

TEST_CASE("names that are too long end in an ellipsis within their room") {
  TextRenderer renderer{""};
  const std::u32string name = clean_line("Maximiliane Freifrau von und zu Langenstein-Oberndorf");
  const int whole = renderer.render(name, 20, 2000).size.width;
  CHECK(whole > 400);
  int last = 0;
  for (const int room : {20, 60, 100, 200, 300, whole - 1, whole}) {
    const int width = renderer.render(name, 20, room).size.width;
    CHECK(width <= room);
    CHECK(width >= last);
    CHECK(width > room - 40);
    last = width;
  }
  CHECK(last == whole);
  CHECK(renderer.render(name, 20, 4).size.width == 0);
  CHECK(renderer.render(std::u32string(128, U'W'), 20, 300).size.width <= 300);
  CHECK(renderer.render(U"", 20, 300).size.width == 0);
}

TEST_CASE("a font that is not there is told") {
  CHECK_THROWS_WITH_AS((TextRenderer{"/nowhere/font.ttf"}), doctest::Contains("/nowhere/font.ttf"), MediaError);
  CHECK_THROWS_AS((Compositor{CompositorOptions{.font_file = "/dev/null"}}), MediaError);
}

TEST_CASE("an empty scene shows the title") {
  const VideoFrame plain_slate = empty_scene({});
  CHECK(differences(plain_slate, plain(kCanvas, kBackground), kWhole) == 0);
  const VideoFrame slate = empty_scene({.title = "Weekly planning"});
  const Rect middle{100, 140, 440, 80};
  CHECK(differences(slate, plain_slate, middle) > 500);
  CHECK(differences(slate, plain_slate, middle) == differences(slate, plain_slate, kWhole));

  SUBCASE("until somebody comes, and again when all have left") {
    Compositor compositor{{.canvas = kCanvas, .title = "Weekly planning"}};
    compositor.set_scene({{.id = "a", .label = ""}, {.id = "b", .label = ""}});
    compositor.set_picture("a", plain(kCanvas, kRed));
    compositor.set_picture("b", plain(kCanvas, kRed));
    CHECK(pixel(compositor.compose(), 318, 180) == kBackground);
    compositor.set_scene({});
    CHECK(differences(compositor.compose(), slate, kWhole) == 0);
  }
}

TEST_CASE("a background image fills the canvas behind the tiles") {
  const TemporaryFolder folder;
  write_png(folder.file("back.png"), {400, 400}, {255, 0, 0, 255}, {0, 0, 255, 255});
  Compositor compositor{{.canvas = kCanvas, .background_image = folder.file("back.png")}};
  const VideoFrame empty = compositor.compose();
  CHECK(is_about(pixel(empty, 1, 1), kRed));
  CHECK(is_about(pixel(empty, 638, 358), kBlue));
  compositor.set_scene({{.id = "a", .label = ""}, {.id = "b", .label = ""}});
  compositor.set_picture("a", plain(kCanvas, kGreen));
  const VideoFrame frame = compositor.compose();
  CHECK(is_about(pixel(frame, 1, 1), kRed));
  CHECK(is_about(pixel(frame, 160, 180), kGreen));
  compositor.set_scene({});
  CHECK(differences(empty, compositor.compose(), kWhole) == 0);
}

TEST_CASE("a watermark keeps its transparency, and stays over all") {
  const TemporaryFolder folder;
  write_png(folder.file("mark.png"), {80, 40}, {255, 255, 255, 255}, {0, 255, 0, 0});
  const auto composed = [&](CompositorOptions::Corner corner, double opacity) {
    Compositor compositor{{.canvas = kCanvas,
                           .watermark_image = folder.file("mark.png"),
                           .watermark_corner = corner,
                           .watermark_opacity = opacity}};
    compositor.set_scene({{.id = "a", .label = ""}});
    // A watermark blended twice over itself would be brighter.
    for (int i = 0; i < 4; ++i) {
      compositor.set_picture("a", plain(kCanvas, kRed));
      static_cast<void>(compositor.compose());
    }
    return compositor.compose();
  };
  const int margin = look::watermark_margin(kCanvas);
  const int left = margin + 10;
  const int right = kCanvas.width - margin - 80 + 10;
  const int top = margin + 20;
  const int bottom = kCanvas.height - margin - 20;
  using Corner = CompositorOptions::Corner;

  const VideoFrame frame = composed(Corner::top_right, 1.0);
  CHECK(is_about(pixel(frame, right, top), to_yuv({255, 255, 255})));
  CHECK(is_about(pixel(frame, right + 50, top), kRed, 0));
  CHECK(is_about(pixel(composed(Corner::top_left, 1.0), left, top), to_yuv({255, 255, 255})));
  CHECK(is_about(pixel(composed(Corner::bottom_left, 1.0), left, bottom), to_yuv({255, 255, 255})));
  CHECK(is_about(pixel(composed(Corner::bottom_right, 1.0), right, bottom), to_yuv({255, 255, 255})));

  const Yuv white = to_yuv({255, 255, 255});
  const Yuv half{static_cast<std::uint8_t>((kRed.y + white.y) / 2), static_cast<std::uint8_t>((kRed.u + white.u) / 2),
                 static_cast<std::uint8_t>((kRed.v + white.v) / 2)};
  CHECK(is_about(pixel(composed(Corner::top_right, 0.5), right, top), half));
  CHECK(differences(composed(Corner::top_right, 0.0), plain(kCanvas, kRed), kWhole) == 0);
}

TEST_CASE("a watermark that is too large is made smaller") {
  const TemporaryFolder folder;
  write_png(folder.file("mark.png"), {2000, 1000}, {255, 255, 255, 255}, {255, 255, 255, 255});
  Compositor compositor{{.canvas = kCanvas, .watermark_image = folder.file("mark.png"), .watermark_opacity = 1}};
  compositor.set_scene({{.id = "a", .label = ""}});
  compositor.set_picture("a", plain(kCanvas, kRed));
  CHECK(differences(compositor.compose(), plain(kCanvas, kRed), kWhole) == 120 * 60);
}

TEST_CASE("an image that cannot be read is told by its name") {
  const TemporaryFolder folder;
  testing::write_content(folder.file("text.png"), "no image");
  testing::write_content(folder.file("cut.png"), "\x89PNG\r\n\x1a\n");
  for (const char* name : {"text.png", "cut.png", "missing.png"}) {
    CHECK_THROWS_WITH_AS((Compositor{CompositorOptions{.background_image = folder.file(name)}}),
                         doctest::Contains(name), MediaError);
    CHECK_THROWS_AS((Compositor{CompositorOptions{.watermark_image = folder.file(name)}}), MediaError);
  }
}

}  // namespace sluice::media
