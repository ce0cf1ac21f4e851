namespace Decent.Testing;

/// <summary>A small generator of numbers that is the same on every platform and cheap to start anew.</summary>
/// <param name="state">Where it starts.</param>
public struct Dice(ulong state)
{
    private ulong _state = state;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        unchecked
        {
            var z = _state += 0x9E37_79B9_7F4A_7C15;
            z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
            z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>A number from 0 up to below the bound.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);
}

/// <summary>Damages inputs the way networks, attackers and careless editors do.</summary>
internal static class Mutator
{
    // Longest input; growth by repeated doubling would otherwise only measure the machine.
    private const int MaxLength = 16 * 1024;

    // Values at which readers of lengths, numbers and tags go wrong.
    private static readonly byte[][] Interesting =
    [
        [0x00], [0x01], [0x7f], [0x80], [0xff], [0x40], [0x5f], [0x9f], [0xbf], [0xf6], [0xd9, 0xd9, 0xf7],
        [0xff, 0xff, 0xff, 0xff, 0x0f], [0xff, 0xff, 0xff, 0xff, 0x07], [0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
        [0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x5a, 0x7f, 0xff, 0xff, 0xff], [0xbb, 0, 0, 0, 0],
        [0x6c], [0x6b], [0x6d], [0x6e], [0x6a], [0x69], [0x68], [0x71], [0x7d], [0x70], [0x6f],
        "("u8.ToArray(), "{"u8.ToArray(), "\""u8.ToArray(), "/*"u8.ToArray(), "//"u8.ToArray(), "opt "u8.ToArray(),
        "vec "u8.ToArray(), "record {"u8.ToArray(), "\\u{"u8.ToArray(), "99999999999999999999"u8.ToArray(),
    ];

    internal static byte[] Damage(byte[] original, byte[] other, ref Dice dice)
    {
        var bytes = new List<byte>(original.Length + 64);
        bytes.AddRange(original);
        for (var times = 1 + (dice.Below(2) * dice.Below(4)); times > 0; times--)
        {
            Step(bytes, other, ref dice);
        }

        return bytes.Count <= MaxLength ? [.. bytes] : [.. bytes.Take(MaxLength)];
    }

    private static void Step(List<byte> bytes, byte[] other, ref Dice dice)
    {
        var at = dice.Below(bytes.Count + 1);
        var length = Math.Min(dice.Below(1 << dice.Below(9)), bytes.Count - at);
        switch (dice.Below(9))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << dice.Below(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)dice.Below(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.Insert(at, (byte)dice.Below(256));
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                bytes.InsertRange(dice.Below(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 6:
                var from = dice.Below(other.Length + 1);
                bytes.InsertRange(at, other.Skip(from).Take(dice.Below(64)));
                break;
            case 7:
                // The same few bytes many times: nesting and long lists.
                var piece = bytes.GetRange(at, Math.Min(length, 8));
                for (var i = dice.Below(600); i > 0; i--)
                {
                    bytes.InsertRange(at, piece);
                }

                break;
            default:
                bytes.InsertRange(at, Interesting[dice.Below(Interesting.Length)]);
                break;
        }
    }
}
