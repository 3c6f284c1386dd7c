// A licensed program in C#, by P/Invoke: opens, says how things stand, works, gives the seat back.
using System;
using System.Runtime.InteropServices;
using System.Text;

static class CloudLicence
{
    public const int Ok = 0;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate void Changed(IntPtr context);

    [StructLayout(LayoutKind.Sequential)]
    public struct Program
    {
        public UIntPtr Size;
        public IntPtr Version, Vendor, Product, Software, Features, OptionalFeatures, PinnedKeys, Language;
        public IntPtr Changed, Context;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Status
    {
        public UIntPtr Size;
        public int State, IsOpen, IsAsking, NewKeyWaits;
        public double GraceUntil;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 64)] public byte[] Code;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 256)] public byte[] LicenceName;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 2048)] public byte[] Message;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 1024)] public byte[] Contact;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 128)] public byte[] Reference;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 2048)] public byte[] Notices;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 1024)] public byte[] Features;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 1024)] public byte[] CanDoWithout;
    }

    const string Library = "cloud_licence";
    const CallingConvention AsInC = CallingConvention.Cdecl;  // which 32-bit Windows does not take for granted

    [DllImport(Library, CallingConvention = AsInC)] public static extern int cl_open(ref Program program, out IntPtr licence);
    [DllImport(Library, CallingConvention = AsInC)] public static extern int cl_wait(IntPtr licence, double seconds, ref Status status);
    [DllImport(Library, CallingConvention = AsInC)] public static extern int cl_poll(IntPtr licence, ref Status status);
    [DllImport(Library, CallingConvention = AsInC)] public static extern void cl_close(IntPtr licence);

    public static string Text(byte[] place) => Encoding.UTF8.GetString(place, 0, Array.IndexOf(place, (byte)0));

    public static IntPtr Utf8(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text + "\0");
        IntPtr made = Marshal.AllocHGlobal(bytes.Length);
        Marshal.Copy(bytes, 0, made, bytes.Length);
        return made;
    }
}

static class Example
{
    static CloudLicence.Status Empty() => new CloudLicence.Status { Size = (UIntPtr)Marshal.SizeOf<CloudLicence.Status>() };

    static int Main()
    {
        var me = new CloudLicence.Program
        {
            Size = (UIntPtr)Marshal.SizeOf<CloudLicence.Program>(),
            Version = CloudLicence.Utf8("16.0.02"),
        };
        var now = Empty();
        if (CloudLicence.cl_open(ref me, out IntPtr licence) != CloudLicence.Ok) return 1;
        Marshal.FreeHGlobal(me.Version);  // the library has a copy
        CloudLicence.cl_wait(licence, 15, ref now);
        while (CloudLicence.cl_poll(licence, ref now) == CloudLicence.Ok) { }  // what led to it
        Console.WriteLine(CloudLicence.Text(now.Message));
        for (string line; now.IsOpen != 0 && (line = Console.ReadLine()) != null;)
        {
            while (CloudLicence.cl_poll(licence, ref now) == CloudLicence.Ok) Console.WriteLine(CloudLicence.Text(now.Message));
            Console.WriteLine("working: " + line);
        }
        CloudLicence.cl_close(licence);
        return now.IsOpen != 0 ? 0 : 3;
    }
}
