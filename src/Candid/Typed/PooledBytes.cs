using System.Buffers;

namespace Decent.Candid;

/// <summary>A growing buffer of which every thread keeps one.</summary>
internal sealed class PooledBytes : IBufferWriter<byte>
{
    private const int Initial = 1024;
    private const int MaxKept = 1024 * 1024;

    [ThreadStatic]
    private static PooledBytes? _kept;

    private byte[] _bytes = new byte[Initial];
    private int _length;

    internal ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(_length);
    }

    internal static PooledBytes Rent()
    {
        var bytes = _kept ?? new PooledBytes();
        _kept = null;
        bytes._length = 0;
        return bytes;
    }

    internal static void Return(PooledBytes bytes)
    {
        if (bytes._bytes.Length <= MaxKept)
        {
            _kept = bytes;
        }
    }

    private void Reserve(int size)
    {
        if (_bytes.Length - _length < Math.Max(size, 1))
        {
            Grow(size);
        }
    }

    private void Grow(int size) => Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + Math.Max(size, 1)));
}
