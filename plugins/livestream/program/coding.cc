#include "program/coding.h"

#include <exception>
#include <utility>

namespace sluice::livestream {

Coding::Coding(JobContext& context, const ProgramOrder& order)
    : context_{context}, outputs_{order, *this}, coder_{order, *this} {}

void Coding::run(CoderQueue& queue) noexcept {
  try {
    code_all(queue);
  } catch (const std::exception& error) {
    problem_ = error.what();
    queue.close();
  }
  outputs_.finish();
}

void Coding::code_all(CoderQueue& queue) {
  while (auto item = queue.pop()) {
    std::visit([this](auto&& one) { take(std::forward<decltype(one)>(one)); }, std::move(*item));
  }
  coder_.finish();
}

void Coding::take(ProgramMoment&& moment) {
  const MediaTime at = moment.at;
  meter_.on_moment(at, moment.state);
  coder_.code(std::move(moment));
  report(at);
}

void Coding::put(const ProgramPacketPtr& packet) {
  meter_.on_packet(*packet);
  outputs_.put(packet);
}

void Coding::report(MediaTime at) {
  auto figures = meter_.take(at);
  if (!figures) return;
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(at - std::exchange(told_at_, at));
  outputs_.fill(*figures, elapsed);
  context_.send({{"figures", to_json(*figures)}});
}

void Coding::on_target(const TargetReport& report) { context_.send({{"target", to_json(report)}}); }
void Coding::on_hls_file(const HlsFile& file) { context_.send({{"hls", to_json(file)}}); }

}  // namespace sluice::livestream
