using System.Security.Cryptography;

namespace Decent.Replica.State;

/// <summary>A secret of the sandbox in a file that only its owner reads; made at the first start.</summary>
internal static class KeyFile
{
    /// <summary>Reads the secret, making it first when there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">Length of the secret in bytes.</param>
    /// <param name="adjust">Brings fresh random bytes into the key's range.</param>
    /// <exception cref="InvalidDataException">The file has another length.</exception>
    public static byte[] Load(string path, int length, Action<byte[]>? adjust = null)
    {
        if (!File.Exists(path))
        {
            Create(path, length, adjust);
        }

        var secret = File.ReadAllBytes(path);
        return secret.Length == length
            ? secret
            : throw new InvalidDataException($"{path} does not hold a key of {length} bytes.");
    }

    private static void Create(string path, int length, Action<byte[]>? adjust)
    {
        var secret = RandomNumberGenerator.GetBytes(length);
        adjust?.Invoke(secret);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Under another name first: a crash in between must not leave half a key behind.
        var draft = path + ".new";
        using (var file = new FileStream(draft, options))
        {
            file.Write(secret);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
