#include "core/net/http_stream.h"

#include <mutex>
#include <utility>

namespace sluice::net {

using End = HttpStreamReader::End;

struct HttpStreamState {
  explicit HttpStreamState(std::size_t limit) : queue_bytes{limit} {}

  /// The handler says what follows after the queue; the first word counts.
  void finish(End with) {
    std::function<void()> call;
    std::function<void()> released;  // may own what locks us again: destroyed outside of the lock
    {
      const std::lock_guard lock{mutex};
      released.swap(on_closed);
      if (end != End::open || closed) return;
      end = with;
      call = wake;
    }
    if (call) call();
  }

  const std::size_t queue_bytes;
  // Held for a few assignments and the copy of a piece, never while a callback runs.
  std::mutex mutex;
  std::string pending;
  std::size_t in_flight = 0;
  End end = End::open;
  bool closed = false;  // by the reader
  std::function<void()> wake;
  std::function<void()> on_closed;
};

HttpStream::~HttpStream() {
  if (state_) state_->finish(End::broken);
}

bool HttpStream::write(std::string_view piece) const {
  if (piece.empty()) return open();  // an empty chunk would be the last one
  std::function<void()> call;
  {
    const std::lock_guard lock{state_->mutex};
    if (state_->end != End::open || state_->closed) return false;
    const bool fits = piece.size() + state_->pending.size() + state_->in_flight <= state_->queue_bytes;
    if (!fits) state_->end = End::overrun;
    if (!fits || state_->pending.empty()) call = state_->wake;
    if (fits) state_->pending.append(piece);
  }
  if (call) call();
  return open();
}

void HttpStream::end() const { state_->finish(End::complete); }

void HttpStream::on_closed(std::function<void()> callback) const {
  {
    const std::lock_guard lock{state_->mutex};
    if (!state_->closed) {
      state_->on_closed.swap(callback);
      return;
    }
  }
  if (callback) callback();
}

bool HttpStream::open() const {
  const std::lock_guard lock{state_->mutex};
  return state_->end == End::open && !state_->closed;
}

std::size_t HttpStream::queued_bytes() const {
  const std::lock_guard lock{state_->mutex};
  return state_->pending.size() + state_->in_flight;
}

HttpStreamReader::~HttpStreamReader() { close(); }

HttpStreamReader::Taken HttpStreamReader::take() {
  const std::lock_guard lock{state_->mutex};
  state_->in_flight = state_->pending.size();
  return {.bytes = std::exchange(state_->pending, {}), .end = state_->end};
}

bool HttpStreamReader::overrun() const {
  const std::lock_guard lock{state_->mutex};
  return state_->end == End::overrun;
}

void HttpStreamReader::on_data(std::function<void()> wake) {
  const std::lock_guard lock{state_->mutex};
  state_->wake.swap(wake);
}

void HttpStreamReader::close() {
  std::function<void()> call;
  std::function<void()> released;
  {
    const std::lock_guard lock{state_->mutex};
    if (std::exchange(state_->closed, true)) return;
    call.swap(state_->on_closed);
    released.swap(state_->wake);
    state_->pending = {};
    state_->in_flight = 0;
  }
  if (call) call();
}

HttpStreamEnds make_http_stream(std::size_t queue_bytes) {
  const auto state = std::make_shared<HttpStreamState>(queue_bytes);
  return {.writer = HttpStream{state}, .reader = std::make_shared<HttpStreamReader>(state)};
}

}  // namespace sluice::net
