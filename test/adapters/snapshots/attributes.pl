# Extended attributes by the kernel's own calls, so that tests need no package for them.
#   attributes.pl set PATH NAME HEX     sets one (ACLs are system.posix_acl_*)
#   attributes.pl list                  reads paths from standard input, each ended by a zero byte;
#                                       prints PATH NUL NAME=HEX … NUL for each
use strict;
use warnings;

my %calls = (
    x86_64  => { set => 189, get => 192, list => 195 },
    aarch64 => { set => 6,   get => 9,   list => 12 },
);
chomp( my $machine = `uname -m` );
my $call = $calls{$machine} or die "no numbers of system calls for $machine\n";

my ( $verb, @arguments ) = @ARGV;
if ( $verb eq 'set' ) {
    my ( $path, $name, $hex ) = @arguments;
    my $value = pack( 'H*', $hex );
    syscall( $call->{set}, $path, $name, $value, length $value, 0 ) == 0
        or die "$path: $name: $!\n";
    exit 0;
}

binmode STDIN;
binmode STDOUT;
local $/ = "\0";
while ( my $path = <STDIN> ) {
    chomp $path;
    my $names = "\0" x 65536;
    my $length = syscall( $call->{list}, $path, $names, length $names );
    die "$path: $!\n" if $length < 0;
    my @found;
    for my $name ( split /\0/, substr( $names, 0, $length ) ) {
        my $value = "\0" x 65536;
        my $size = syscall( $call->{get}, $path, $name, $value, length $value );
        die "$path: $name: $!\n" if $size < 0;
        push @found, $name . '=' . unpack( 'H*', substr( $value, 0, $size ) );
    }
    print $path, "\0", join( ' ', sort @found ), "\0";
}
