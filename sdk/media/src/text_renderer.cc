#include "text_renderer.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <utility>

#include "ffmpeg.h"
#include "text_line.h"

extern "C" {
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
}

namespace sluice::media {
namespace {

using GraphPtr = std::unique_ptr<AVFilterGraph, ffmpeg::Free<avfilter_graph_free>>;

/// Where Debian, Fedora, Arch and Alpine put it.
constexpr std::array kFonts{"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
                            "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf", "/usr/share/fonts/TTF/DejaVuSans.ttf",
                            "/usr/share/fonts/dejavu/DejaVuSans.ttf"};
constexpr std::u32string_view kEllipsis = U"\u2026";
/// Letters may reach out to the left of where they begin.
constexpr int kInkMargin = 8;
constexpr int kRgbChannels = 3;

std::string default_font() {
  for (const char* font : kFonts) {
    std::error_code ignored;
    if (std::filesystem::exists(font, ignored)) return font;
  }
  throw MediaError{"no font for names and titles: install the package fonts-dejavu-core, or set the font's file",
                   AVERROR(ENOENT)};
}

/// Of a font that cannot be read FFmpeg would take any other.
std::string checked_font(std::string path) {
  using namespace std::string_view_literals;
  std::array<char, 4> magic{};
  std::ifstream{path, std::ios::binary}.read(magic.data(), magic.size());
  const std::string_view found{magic.data(), magic.size()};
  for (const auto kind : {"\0\1\0\0"sv, "true"sv, "OTTO"sv, "ttcf"sv}) {
    if (found == kind) return path;
  }
  throw MediaError{"cannot read the font " + path + ": neither TrueType nor OpenType", AVERROR_INVALIDDATA};
}

AVFilterContext& add_filter(AVFilterGraph& graph, const char* name) {
  AVFilterContext* const filter = avfilter_graph_alloc_filter(&graph, avfilter_get_by_name(name), name);
  if (filter == nullptr) throw MediaError{std::string{"FFmpeg has no filter "} + name, AVERROR_FILTER_NOT_FOUND};
  return *filter;
}

/// Options are set one by one and as they are: nothing in a name is read as an option's syntax.
void set_option(AVFilterContext& filter, const char* name, const std::string& value) {
  ffmpeg::check(av_opt_set(&filter, name, value.c_str(), AV_OPT_SEARCH_CHILDREN), name);
}

void start(AVFilterContext& filter) { ffmpeg::check(avfilter_init_dict(&filter, nullptr), filter.name); }

ffmpeg::FramePtr black(Size size) {
  auto frame = ffmpeg::owned<ffmpeg::FramePtr>(av_frame_alloc());
  frame->format = AV_PIX_FMT_RGB24;
  frame->width = size.width;
  frame->height = size.height;
  ffmpeg::check(av_frame_get_buffer(frame.get(), 0), "a picture for text");
  for (int y = 0; y < size.height; ++y) {
    std::fill_n(frame->data[0] + static_cast<std::ptrdiff_t>(y) * frame->linesize[0], size.width * kRgbChannels,
                std::uint8_t{0});
  }
  return frame;
}

/// White on black: what is white is ink.
ffmpeg::FramePtr draw_text(const std::string& font, const std::string& text, int font_size, Size size) {
  const auto graph = ffmpeg::owned<GraphPtr>(avfilter_graph_alloc());
  graph->nb_threads = 1;
  AVFilterContext& source = add_filter(*graph, "buffer");
  set_option(source, "video_size", std::to_string(size.width) + "x" + std::to_string(size.height));
  set_option(source, "pix_fmt", "rgb24");
  set_option(source, "time_base", "1/1");
  start(source);
  AVFilterContext& drawtext = add_filter(*graph, "drawtext");
  set_option(drawtext, "fontfile", font);
  set_option(drawtext, "text", text);
  set_option(drawtext, "expansion", "none");
  set_option(drawtext, "fontsize", std::to_string(font_size));
  set_option(drawtext, "fontcolor", "white");
  set_option(drawtext, "x", std::to_string(kInkMargin));
  set_option(drawtext, "y", std::to_string(font_size) + "-max_glyph_a");  // the baseline, whatever the letters
  start(drawtext);
  AVFilterContext& sink = add_filter(*graph, "buffersink");
  start(sink);
  ffmpeg::check(avfilter_link(&source, 0, &drawtext, 0), "text");
  ffmpeg::check(avfilter_link(&drawtext, 0, &sink, 0), "text");
  ffmpeg::check(avfilter_graph_config(graph.get(), nullptr), "text");

  auto frame = black(size);
  ffmpeg::check(av_buffersrc_add_frame(&source, frame.get()), "text");
  ffmpeg::check(av_buffersink_get_frame(&sink, frame.get()), "text");
  return frame;
}

/// The columns from the first to the last with ink.
TextMask ink_of(const AVFrame& picture) {
  const auto at = [&picture](int x, int y) {
    return picture.data[0][static_cast<std::ptrdiff_t>(y) * picture.linesize[0] + x * kRgbChannels];
  };
  const auto is_empty = [&](int x) {
    for (int y = 0; y < picture.height; ++y) {
      if (at(x, y) != 0) return false;
    }
    return true;
  };
  int left = 0;
  int right = picture.width;
  while (left < right && is_empty(left)) ++left;
  while (right > left && is_empty(right - 1)) --right;
  TextMask mask{{right - left, picture.height}, {}};
  for (int y = 0; y < picture.height; ++y) {
    for (int x = left; x < right; ++x) mask.ink.push_back(at(x, y));
  }
  return mask;
}

}  // namespace

TextRenderer::TextRenderer(std::string font_file)
    : font_file_{checked_font(font_file.empty() ? default_font() : std::move(font_file))} {
  ffmpeg::quiet();
}

const TextMask& TextRenderer::render(std::u32string_view line, int font_size, int max_width) {
  Key key{std::u32string{line}, font_size, max_width};
  if (const auto found = kept_.find(key); found != kept_.end()) return found->second;
  if (kept_.size() >= kMaxKept) kept_.clear();
  TextMask mask;
  try {
    mask = fitted(line, font_size, max_width);
  } catch (const MediaError&) {
    // A line that comes from the network ends no recording.
  }
  return kept_.emplace(std::move(key), std::move(mask)).first->second;
}

TextMask TextRenderer::fitted(std::u32string_view line, int font_size, int max_width) const {
  TextMask mask = drawn(line, font_size, max_width);
  if (mask.size.width <= max_width) return mask;
  // The longest beginning that fits with its ellipsis; that of no letters counts as fitting.
  std::size_t fits = 0;
  std::size_t too_long = line.size();
  TextMask longest = drawn(kEllipsis, font_size, max_width);
  while (too_long - fits > 1) {
    const std::size_t length = (fits + too_long) / 2;
    std::u32string beginning{line.substr(0, length)};
    if (beginning.back() == U' ') beginning.pop_back();
    mask = drawn(beginning.append(kEllipsis), font_size, max_width);
    if (mask.size.width <= max_width) {
      fits = length;
      longest = std::move(mask);
    } else {
      too_long = length;
    }
  }
  return longest.size.width <= max_width ? longest : TextMask{};
}

/// May be wider than `max_width`, and is cut then.
TextMask TextRenderer::drawn(std::u32string_view line, int font_size, int max_width) const {
  if (line.empty() || font_size < 1 || max_width < 1) return {};
  const Size size{max_width + 2 * kInkMargin, line_height(font_size)};
  return ink_of(*draw_text(font_file_, to_utf8(line), font_size, size));
}

}  // namespace sluice::media
