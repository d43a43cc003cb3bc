import Glibc

// A peer or a pipe that goes away must not end the daemon.
signal(SIGPIPE, SIG_IGN)
exit(CommandTable.run(Array(CommandLine.arguments.dropFirst())).rawValue)
