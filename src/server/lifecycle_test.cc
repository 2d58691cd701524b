#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>

#include "base/file.h"
#include "base/temp_folder.h"
#include "server/privileges.h"
#include "server/service_manager.h"

namespace spoor::server {
namespace {

/// Runs `body` in a child process, since what it does cannot be taken back; its exit code.
int in_child(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) {
    ::_exit(body());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Privileges, RootIsLeftForGood) {
  if (getuid() != 0) {
    GTEST_SKIP() << "not root";
  }
  const TempFolder folder;
  ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
  const std::string data = folder / "data";
  EXPECT_EQ(in_child([&] {
              const auto left = leave_root("nobody", data);
              if (!left || getuid() == 0 || geteuid() == 0 || getegid() == 0) {
                return 1;
              }
              return ::setuid(0) == 0 || getgroups(0, nullptr) > 1 ? 2 : 0;
            }),
            0);
  struct stat status{};
  ASSERT_EQ(::stat(data.c_str(), &status), 0);
  EXPECT_NE(status.st_uid, 0U);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
}

TEST(Privileges, RootDoesNotServe) {
  if (getuid() != 0) {
    GTEST_SKIP() << "not root";
  }
  const TempFolder folder;
  EXPECT_EQ(leave_root("", folder.path()).error().to_string(),
            "spoor serve does not run as root (start it as another user, or name one: "
            "--server.user spoor)");
  EXPECT_EQ(leave_root("root", folder.path()).error().message, "the user 'root' is root");
  EXPECT_EQ(leave_root("no-such-user", folder.path()).error().message,
            "there is no user 'no-such-user'");
  // What has content is not given away.
  ASSERT_TRUE(write_file_atomically(folder / "x", "x"));
  EXPECT_EQ(leave_root("nobody", folder.path()).error().message,
            "the data folder belongs to another user");
  EXPECT_EQ(getuid(), 0U);
}

TEST(ServiceManager, TellsTheSocketThatIsNamed) {
  const TempFolder folder;
  const std::string path = folder / "notify";
  const FileHandle listener(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, path.size());
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  ::setenv("WATCHDOG_USEC", "3000000", 1);
  const ServiceManager manager;
  EXPECT_EQ(std::getenv("NOTIFY_SOCKET"), nullptr);
  ASSERT_TRUE(manager.watchdog());
  EXPECT_EQ(manager.watchdog()->count(), 1'500'000);
  EXPECT_TRUE(manager.tell("READY=1\nSTATUS=ready"));
  char text[100];
  const ssize_t size = ::recv(listener.get(), text, sizeof text, MSG_DONTWAIT);
  EXPECT_EQ(std::string(text, size > 0 ? static_cast<std::size_t>(size) : 0),
            "READY=1\nSTATUS=ready");
}

TEST(ServiceManager, IsSilentWithoutOne) {
  ::unsetenv("NOTIFY_SOCKET");
  ::setenv("WATCHDOG_USEC", "3000000", 1);
  ::setenv("WATCHDOG_PID", "1", 1);
  const ServiceManager manager;
  EXPECT_FALSE(manager.tell("READY=1"));
  EXPECT_FALSE(manager.watchdog());
}

}  // namespace
}  // namespace spoor::server
