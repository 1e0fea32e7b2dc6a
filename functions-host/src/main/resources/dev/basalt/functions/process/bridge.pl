# Joins the network of a sandbox with a socket of the host's and runs a program, as Bridge.java does, in a fifth of the time and
# the memory that a JVM takes. Arguments: api or server, the port, the socket's path, then a command line.
use strict;
use warnings;
use Errno;
use Fcntl qw(F_SETFL O_NONBLOCK);
use Socket qw(:DEFAULT IPPROTO_TCP TCP_NODELAY);

use constant { CHUNK => 65536, WAY_OUT_PORT => 9002, POLL_SECONDS => 0.005, WNOHANG => 1, WRITING => 1 };

my ($direction, $port, $host, @program) = @ARGV;
my $child;
my %listening;    # by descriptor: a listener, and the path that its connections lead to
my %ends;         # by descriptor: an end of a pair, with what waits to be written to it
my $spare;        # to the host, for it to use
my $awaited = $direction eq 'server';

sub prepared {
    my ($socket) = @_;
    fcntl($socket, F_SETFL, O_NONBLOCK);
    return $socket;
}

sub to_host {
    my ($path) = @_;
    my $socket;
    socket($socket, PF_UNIX, SOCK_STREAM, 0) && connect($socket, sockaddr_un($path)) or return;
    return prepared($socket);
}

sub to_program {
    my $socket;
    socket($socket, PF_INET, SOCK_STREAM, 0) && connect($socket, sockaddr_in($port, INADDR_LOOPBACK)) or return;
    setsockopt($socket, IPPROTO_TCP, TCP_NODELAY, 1);
    return prepared($socket);
}

sub listen_at {
    my ($at, $path) = @_;
    my $socket;
    socket($socket, PF_INET, SOCK_STREAM, 0)
        && setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1)
        && bind($socket, sockaddr_in($at, INADDR_LOOPBACK))
        && listen($socket, SOMAXCONN)
        or die "port $at: $!\n";
    $listening{ fileno $socket } = [ prepared($socket), $path ];
}

sub pair {
    my @sockets = @_;
    my @numbers = map { fileno $_ } @sockets;
    $ends{ $numbers[$_] } = { socket => $sockets[$_], peer => $numbers[ 1 - $_ ], waiting => '' } for 0, 1;
}

sub part {
    my ($number) = @_;
    delete @ends{ $number, $ends{$number}{peer} };
}

sub later { return $!{EAGAIN} || $!{EINTR} }

# Writes what waits for an end; behind all that will ever come for it, says so.
sub give {
    my ($number) = @_;
    my $end = $ends{$number};
    while (length $end->{waiting}) {
        my $written = syswrite($end->{socket}, $end->{waiting});
        return later() ? undef : part($number) if !defined $written;
        substr($end->{waiting}, 0, $written, '');
    }
    my $peer = $ends{ $end->{peer} };
    if ($peer->{ended} && !$end->{over}) {
        $end->{over} = shutdown($end->{socket}, WRITING) || 1;
        part($number) if $peer->{over};
    }
}

sub take {
    my ($number) = @_;
    my $end = $ends{$number};
    my $read = sysread($end->{socket}, my $bytes, CHUNK);
    return later() ? undef : part($number) if !defined $read;
    $end->{ended} = $read == 0;
    $ends{ $end->{peer} }{waiting} .= $bytes;
    give($end->{peer});
}

# A connection of the program's is a connection to the host.
sub admit {
    my ($listener, $path) = @{ $_[0] };
    accept(my $program, $listener) or return;
    setsockopt($program, IPPROTO_TCP, TCP_NODELAY, 1);
    my $socket = to_host($path) or return;
    pair(prepared($program), $socket);
}

# The host uses the connection that is kept open for it, or has closed it: the next one takes its place.
sub used {
    my $read = sysread($spare, my $bytes, CHUNK);
    return if !defined $read && later();
    if ($read && (my $program = to_program())) {
        pair($spare, $program);
        $ends{ fileno $program }{waiting} = $bytes;
        give(fileno $program);
    }
    $spare = to_host($host) or exit 1;
}

sub reap {
    exit($? & 127 ? 128 + ($? & 127) : $? >> 8) if defined $child && waitpid($child, WNOHANG) == $child;
}

listen_at($port, $host) if $direction eq 'api';
listen_at(WAY_OUT_PORT, $ENV{BASALT_EGRESS_SOCKET}) if defined $ENV{BASALT_EGRESS_SOCKET};

# Ends a wait; who is late for that is seen within a second.
$SIG{CHLD} = sub { };
$child = fork;
die "fork: $!\n" if !defined $child;
if ($child == 0) {
    exec { $program[0] } @program or print STDERR "$program[0]: $!\n";
    exit 127;
}
$SIG{PIPE} = 'IGNORE';

while (1) {
    # The first connection to the host says that the program listens; how long that may take is the host's to bound.
    if ($awaited && to_program()) {
        $awaited = 0;
        $spare = to_host($host) or exit 1;
    }
    my ($readable, $writable) = ('', '');
    vec($readable, $_, 1) = 1 for keys %listening;
    vec($readable, fileno $spare, 1) = 1 if $spare;
    for my $number (keys %ends) {
        my $end = $ends{$number};
        vec($readable, $number, 1) = 1 if !$end->{ended} && !length $ends{ $end->{peer} }{waiting};
        vec($writable, $number, 1) = 1 if length $end->{waiting};
    }
    my $ready = select($readable, $writable, undef, $awaited ? POLL_SECONDS : 1);
    reap();
    next if $ready <= 0;
    for my $number (keys %ends) {
        give($number) if $ends{$number} && vec($writable, $number, 1);
        take($number) if $ends{$number} && vec($readable, $number, 1);
    }
    used() if $spare && vec($readable, fileno $spare, 1);
    vec($readable, $_, 1) && admit($listening{$_}) for keys %listening;
}
