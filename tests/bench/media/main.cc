// What the pictures of a recording cost, as JSON; and those pictures, to be looked at.
//
//   sluice_media_bench compose [--sources 9] [--size 640x360] [--canvas 1280x720] [--seconds 10] [--threads 2]
//   sluice_media_bench produce [the same]
//   sluice_media_bench pictures FOLDER
//
// Without --size both 640x360 and 1280x720 are measured. `speed_percent` of 100 is real time; `core_percent` is what
// the cores would be busy at real time, 100 for each.

#include <array>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tests/bench/media/compose.h"
#include "tests/bench/media/pictures.h"
#include "tests/bench/media/produce.h"

namespace sluice::media::bench {
namespace {

constexpr std::array kUsualSizes{Size{640, 360}, Size{1280, 720}};

std::optional<Size> to_size(const char* text) {
  Size size;
  if (std::sscanf(text, "%dx%d", &size.width, &size.height) != 2) return std::nullopt;
  return size;
}

std::string to_text(Size size) { return std::to_string(size.width) + "x" + std::to_string(size.height); }

struct Order {
  Meeting meeting;
  std::optional<Size> size;
};

std::optional<Order> read(std::span<char*> arguments) {
  Order order;
  Meeting& meeting = order.meeting;
  for (; arguments.size() >= 2; arguments = arguments.subspan(2)) {
    const std::string_view name = arguments[0];
    const char* const value = arguments[1];
    const int number = std::atoi(value);
    if (name == "--size" || name == "--canvas") {
      const auto size = to_size(value);
      if (!size) return std::nullopt;
      (name == "--size" ? order.size.emplace() : meeting.canvas) = *size;
    } else if (name == "--sources" && number > 0) {
      meeting.sources = number;
    } else if (name == "--seconds" && number > 0) {
      meeting.seconds = number;
    } else if (name == "--threads" && number > 0) {
      meeting.threads = number;
    } else {
      return std::nullopt;
    }
  }
  return arguments.empty() ? std::optional{order} : std::nullopt;
}

template <typename Measure>
void print(const Order& order, Measure measure) {
  for (const Size size : kUsualSizes) {
    Meeting meeting = order.meeting;
    meeting.size = order.size.value_or(size);
    boost::json::object line{{"sources", meeting.sources},
                             {"size", to_text(meeting.size)},
                             {"canvas", to_text(meeting.canvas)},
                             {"threads", meeting.threads}};
    const boost::json::object measured = measure(meeting);
    line.insert(measured.begin(), measured.end());
    std::printf("%s\n", boost::json::serialize(line).c_str());
    std::fflush(stdout);
    if (order.size) return;
  }
}

bool run(std::span<char*> arguments) {
  if (arguments.empty()) return false;
  const std::string_view what = arguments[0];
  if (what == "pictures" && arguments.size() == 2) {
    write_pictures(arguments[1]);
    return true;
  }
  const auto order = read(arguments.subspan(1));
  if (!order || (what != "compose" && what != "produce")) return false;
  print(*order, what == "compose" ? measure_compose : measure_produce);
  return true;
}

}  // namespace
}  // namespace sluice::media::bench

int main(int argc, char** argv) {
  try {
    if (sluice::media::bench::run(std::span{argv, static_cast<std::size_t>(argc)}.subspan(1))) return EXIT_SUCCESS;
    std::fprintf(stderr,
                 "sluice_media_bench compose|produce [--sources N] [--size WxH] [--canvas WxH] [--seconds N] "
                 "[--threads N]\nsluice_media_bench pictures FOLDER\n");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sluice_media_bench: %s\n", error.what());
  }
  return EXIT_FAILURE;
}
