#include "core/net/http_server.h"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <thread>
#include <vector>

#include "core/net/listener.h"

namespace sluice::net {

class HttpServer::Impl {
 public:
  explicit Impl(unsigned net_threads)
      : net_threads_{std::max(net_threads, 1U)},
        io_{std::make_shared<asio::io_context>(static_cast<int>(net_threads_))} {}

  HttpListener& listen(ListenerOptions options) {
    return *listeners_.emplace_back(std::make_unique<Listener>(io_, std::move(options)));
  }

  void start() {
    work_.emplace(io_->get_executor());
    for (const auto& listener : listeners_) listener->start();
    for (unsigned i = 0; i < net_threads_; ++i) {
      threads_.emplace_back([this] { io_->run(); });
    }
  }

  void stop(std::chrono::milliseconds grace) {
    if (threads_.empty()) return;
    const auto deadline = std::chrono::steady_clock::now() + grace;
    for (const auto& listener : listeners_) {
      listener->stop_accepting();
      listener->connections().shut_down_all();
    }
    for (const auto& listener : listeners_) {
      if (!listener->connections().wait_until_empty(deadline)) listener->connections().abort_all();
    }
    // With the sockets closed every operation ends, and so does run(): no handler is left to hold a connection.
    work_.reset();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  const unsigned net_threads_;
  // Owners: this server, its listeners and their connections.
  std::shared_ptr<asio::io_context> io_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work_;
  std::vector<std::thread> threads_;
};

HttpServer::HttpServer(unsigned net_threads) : impl_{std::make_unique<Impl>(net_threads)} {}

HttpServer::~HttpServer() { impl_->stop(std::chrono::milliseconds{0}); }

HttpListener& HttpServer::listen(ListenerOptions options) { return impl_->listen(std::move(options)); }

void HttpServer::start() { impl_->start(); }

void HttpServer::stop(std::chrono::milliseconds grace) { impl_->stop(grace); }

}  // namespace sluice::net
